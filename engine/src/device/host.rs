//! Real sound cards. The only file that names cpal.

use std::str::FromStr;
use std::sync::Arc;

use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{
    BufferSize, ErrorKind, FromSample, HostId, SampleFormat, SizedSample, StreamConfig, SupportedBufferSize,
    SupportedStreamConfig,
};

use super::choice::pick;
use super::player::Lent;
use super::quiet::quiet;
use super::supervisor::{Faults, Hook, Running};
use super::{AudioConfig, DeviceError, DeviceInfo, HostChoice, HostInfo};

/// What JACK calls this program; its output is `sideman_out`.
const CLIENT: &str = "sideman";

/// The host itself gives its output a name with a number in it, which no connection survives.
type JackDevice = <cpal::platform::JackHost as HostTrait>::Device;

impl Running for cpal::Stream {}

/// An output that was found, and how it will be opened.
#[derive(Clone)]
pub(super) struct Found {
    host: HostId,
    name: String,
    device: cpal::Device,
    config: StreamConfig,
    format: SampleFormat,
    block: u32,
}

impl From<cpal::Error> for DeviceError {
    fn from(error: cpal::Error) -> DeviceError {
        DeviceError::System(match error.kind() {
            ErrorKind::DeviceNotAvailable => "the device is not there".into(),
            ErrorKind::DeviceBusy => "another program uses the device".into(),
            _ => error.to_string(),
        })
    }
}

/// Finds what is wanted, without opening it.
pub(super) fn find(config: &AudioConfig) -> Result<Found, DeviceError> {
    quiet();
    match &config.host {
        HostChoice::Auto => find_any(config),
        HostChoice::Named(host, device) => {
            let id = HostId::from_str(host).map_err(|_| no_host(host))?;
            find_on(id, device.as_deref(), config).map_err(|error| on(host, error))
        }
        HostChoice::None => Err(no_host("none")),
    }
}

/// An error of the system, with the host that was asked for.
fn on(host: &str, error: DeviceError) -> DeviceError {
    match error {
        DeviceError::System(what) => DeviceError::System(format!("audio host `{host}`: {what}")),
        other => other,
    }
}

fn no_host(name: &str) -> DeviceError {
    let known = hosts().into_iter().map(|id| id.name().to_lowercase());
    DeviceError::NoHost { name: name.into(), known: known.chain(["none".into()]).collect() }
}

/// JACK first, which is there only if the user started it; then the system's own hosts, best first.
fn hosts() -> Vec<HostId> {
    let mut hosts = cpal::available_hosts();
    let best = cpal::default_host().id();
    hosts.sort_by_key(|&id| (!is_jack(id), id != best));
    hosts
}

fn is_jack(id: HostId) -> bool {
    id.name().eq_ignore_ascii_case("jack")
}

fn find_any(config: &AudioConfig) -> Result<Found, DeviceError> {
    // Why each of them failed would only confuse who asked for none of them; a rate is the exception.
    let mut why = DeviceError::Nothing;
    for id in hosts() {
        match find_on(id, None, config) {
            Ok(found) => return Ok(found),
            Err(error @ DeviceError::Rate { .. }) => why = error,
            Err(_) => {}
        }
    }
    Err(why)
}

fn find_on(id: HostId, wanted: Option<&str>, config: &AudioConfig) -> Result<Found, DeviceError> {
    let device = match wanted {
        None if is_jack(id) => jack_output(),
        None => cpal::host_from_id(id)?.default_output_device(),
        Some(wanted) => Some(named(id, wanted)?),
    };
    let device = device.ok_or_else(|| DeviceError::NoDevice {
        host: id.name().to_lowercase(),
        name: String::new(),
        known: Vec::new(),
    })?;
    let native = device.default_output_config()?;
    let chosen = at_rate(&device, &native, config.rate.unwrap_or(native.sample_rate()))?;
    let (buffer_size, block) = block_of(id, &chosen, config);
    Ok(Found {
        host: id,
        name: name_of(&device),
        config: StreamConfig { buffer_size, ..chosen.config() },
        format: chosen.sample_format(),
        device,
        block,
    })
}

/// JACK's output, under this program's own name.
fn jack_output() -> Option<cpal::Device> {
    let (connects, starts_server) = (true, false);
    JackDevice::default_output_device(CLIENT, connects, starts_server).ok().map(cpal::Device::from)
}

fn named(id: HostId, wanted: &str) -> Result<cpal::Device, DeviceError> {
    let mut devices: Vec<cpal::Device> = cpal::host_from_id(id)?.output_devices()?.collect();
    let ids: Vec<String> = devices.iter().map(id_of).collect();
    let names: Vec<String> = devices.iter().map(name_of).collect();
    match pick(wanted, &ids).or_else(|_| pick(wanted, &names)) {
        Ok(place) => Ok(devices.swap_remove(place)),
        Err(candidates) if candidates.is_empty() => {
            Err(DeviceError::NoDevice { host: id.name().to_lowercase(), name: wanted.into(), known: ids })
        }
        Err(candidates) => Err(DeviceError::Ambiguous { name: wanted.into(), candidates }),
    }
}

fn id_of(device: &cpal::Device) -> String {
    device.id().map(|id| id.id().to_owned()).unwrap_or_default()
}

fn name_of(device: &cpal::Device) -> String {
    device.description().map(|description| description.name().to_owned()).unwrap_or_default()
}

/// The device's own configuration if it has this rate, else the nearest to it that has.
fn at_rate(
    device: &cpal::Device,
    native: &SupportedStreamConfig,
    rate: u32,
) -> Result<SupportedStreamConfig, DeviceError> {
    let is_playable = |format| encoder(format).is_some();
    if native.sample_rate() == rate && is_playable(native.sample_format()) {
        return Ok(*native);
    }
    device
        .supported_output_configs()?
        .filter(|range| is_playable(range.sample_format()))
        .filter_map(|range| range.try_with_sample_rate(rate))
        .min_by_key(|c| (c.sample_format() != SampleFormat::F32, c.channels().abs_diff(native.channels())))
        .ok_or(DeviceError::Rate { wanted: rate, native: native.sample_rate() })
}

/// The block to ask for, and the one to expect.
fn block_of(id: HostId, chosen: &SupportedStreamConfig, config: &AudioConfig) -> (BufferSize, u32) {
    match *chosen.buffer_size() {
        SupportedBufferSize::Range { min, .. } if is_jack(id) => (BufferSize::Default, min),
        SupportedBufferSize::Range { min, max } => {
            let block = config.block().clamp(min, max.max(min));
            (BufferSize::Fixed(block), block)
        }
        SupportedBufferSize::Unknown => (BufferSize::Default, config.block()),
    }
}

type Open = fn(&Found, Lent, Faults, Option<Hook>) -> Result<cpal::Stream, cpal::Error>;

/// How to play in a format, if it can be.
fn encoder(format: SampleFormat) -> Option<Open> {
    Some(match format {
        SampleFormat::F32 => build::<f32>,
        SampleFormat::F64 => build::<f64>,
        SampleFormat::I32 => build::<i32>,
        SampleFormat::I24 => build::<cpal::I24>,
        SampleFormat::I16 => build::<i16>,
        SampleFormat::I8 => build::<i8>,
        SampleFormat::U16 => build::<u16>,
        SampleFormat::U8 => build::<u8>,
        _ => return None,
    })
}

fn build<T: SizedSample + FromSample<f32>>(
    found: &Found,
    mut lent: Lent,
    faults: Faults,
    mut on_start: Option<Hook>,
) -> Result<cpal::Stream, cpal::Error> {
    let channels = usize::from(found.config.channels);
    let play = move |out: &mut [T], _: &cpal::OutputCallbackInfo| {
        if let Some(hook) = on_start.take() {
            hook();
        }
        lent.block(out, channels, T::from_sample);
    };
    let fault = move |error: cpal::Error| match error.kind() {
        ErrorKind::Xrun => faults.xrun(),
        ErrorKind::RealtimeDenied | ErrorKind::DeviceChanged => {}
        _ => faults.lost(error.to_string()),
    };
    found.device.build_output_stream(found.config, play, fault, None)
}

impl Found {
    pub(super) fn host(&self) -> String {
        self.host.name().to_lowercase()
    }

    pub(super) fn is_jack(&self) -> bool {
        is_jack(self.host)
    }

    pub(super) fn device(&self) -> &str {
        &self.name
    }

    pub(super) fn rate(&self) -> u32 {
        self.config.sample_rate
    }

    pub(super) fn block(&self) -> u32 {
        self.block
    }

    /// Opens the output and plays. JACK's thread has its priority already.
    pub(super) fn open(
        &self,
        lent: Lent,
        faults: Faults,
        hook: &Hook,
    ) -> Result<Box<dyn Running>, DeviceError> {
        quiet();
        let open =
            encoder(self.format).ok_or_else(|| DeviceError::System("no usable sample format".into()))?;
        let hook = (!is_jack(self.host)).then(|| Arc::clone(hook));
        let stream = open(self, lent, faults, hook)?;
        stream.play()?;
        Ok(Box::new(stream))
    }
}

/// Every host that is built in, and its outputs.
pub(super) fn list() -> Vec<HostInfo> {
    quiet();
    hosts().into_iter().map(|id| HostInfo { name: id.name().to_lowercase(), devices: outputs(id) }).collect()
}

fn outputs(id: HostId) -> Vec<DeviceInfo> {
    let Ok(host) = cpal::host_from_id(id) else { return Vec::new() };
    let default = host.default_output_device().map(|device| id_of(&device));
    let Ok(devices) = host.output_devices() else { return Vec::new() };
    devices.map(|device| info(&device, default.as_deref())).collect()
}

fn info(device: &cpal::Device, default: Option<&str>) -> DeviceInfo {
    let id = id_of(device);
    let native = device.default_output_config().ok();
    let mut rates: Vec<(u32, u32)> = device
        .supported_output_configs()
        .map(|ranges| ranges.map(|r| (r.min_sample_rate(), r.max_sample_rate())).collect())
        .unwrap_or_default();
    rates.sort_unstable();
    rates.dedup();
    DeviceInfo {
        is_default: default == Some(&id),
        id,
        name: name_of(device),
        native: native.map(|config| (config.sample_rate(), config.channels())),
        rates,
        blocks: native.and_then(|config| match *config.buffer_size() {
            SupportedBufferSize::Range { min, max } => Some((min, max)),
            SupportedBufferSize::Unknown => None,
        }),
    }
}
