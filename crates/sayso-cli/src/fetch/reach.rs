//! Which machines may be asked.
//!
//! In: the addresses that a host name stands for, at the moment of asking and again at every redirect. Out: the same, or a refusal. May not
//! happen: a name that is looked up once for the check and again for the request.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// How far a request may reach.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Reach {
    /// To any machine: the person who asks sits at this one.
    #[default]
    Anywhere,
    /// To machines of the public internet: the person may sit anywhere.
    Public,
}

/// An address that is not public.
#[derive(Debug, thiserror::Error)]
#[error("{0} is an address of this machine or its own network (`sayso serve --allow-private` allows them)")]
pub(super) struct Private(IpAddr);

/// Looks names up, and refuses those that stand for anything but public addresses.
#[derive(Debug, Default)]
pub(super) struct PublicOnly(DefaultResolver);

impl Resolver for PublicOnly {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.0.resolve(uri, config, timeout)?;
        match found.iter().find(|address| !is_public(address.ip())) {
            Some(address) => Err(Error::Other(Box::new(Private(address.ip())))),
            None => Ok(found),
        }
    }
}

/// Whether an address is one of the public internet.
pub(crate) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let special = match ip.octets() {
        [0 | 127 | 240..=255, ..] | [192, 0, 0 | 2, _] | [192, 88, 99, _] | [203, 0, 113, _] | [198, 51, 100, _] => {
            true
        }
        [100, second, ..] => (64..128).contains(&second),
        [198, second, ..] => (18..20).contains(&second),
        _ => false,
    };
    !(special || ip.is_private() || ip.is_link_local() || ip.is_multicast())
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let within = |high: u16, low: u16| is_public_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    match ip.segments() {
        // An IPv4 address in other clothes: mapped, compatible, translated, 6to4.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => within(high, low),
        [0x2002, high, low, ..] => within(high, low),
        // Teredo, benchmarks and ORCHID, documentation.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Global unicast; all else is local, multicast or not given to anybody.
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        for private in [
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.2.1",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::a00:1",
            "2002:7f00:1::",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd12:3456::1",
            "ff02::1",
            "2001:db8::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in
            ["1.1.1.1", "93.184.215.14", "100.128.0.1", "172.32.0.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"]
        {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn names_and_spellings_of_this_machine_are_refused() {
        use crate::fetch::{Limits, fetch};
        for url in [
            "http://localhost:1/",
            "http://127.1:1/",
            "http://0x7f000001:1/",
            "http://2130706433:1/",
            "http://[::1]:1/",
            "http://[::ffff:127.0.0.1]:1/",
            "http://0/",
        ] {
            let notice = fetch(url, Limits::default(), Reach::Public).err().unwrap();
            assert!(notice.message.contains("own network"), "{url}: {}", notice.message);
        }
    }
}
