package config

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// listenAddress checks the address of a listener: host:port, where the host is an IP address, localhost, or nothing
// for all addresses. A zero port lets the system choose.
func listenAddress(s setting, p *problems) (loopback bool) {
	host, port, err := net.SplitHostPort(s.value)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err == nil && host != "" && host != "localhost" {
		_, err = netip.ParseAddr(host)
	}
	if err != nil {
		p.add(s.name, "not an address of the form 127.0.0.1:8080 (an IP address or localhost, and a port)")
		return true // One problem is enough: it cannot be said to be exposed.
	}
	return isLoopback(host)
}

// isLoopback says whether a host name or address never leaves the machine.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// origin reads an address that is scheme, host and port and nothing else: https, or http to loopback. The result is
// written as browsers write it: lower case, without the scheme's own port, without a slash at the end.
func origin(s setting, p *problems) string {
	u, err := url.Parse(s.value)
	if err != nil || u.Hostname() == "" || u.Opaque != "" || (u.Scheme != "https" && u.Scheme != "http") {
		p.add(s.name, "not an address of the form https://console.example.com")
		return ""
	}
	if u.User != nil {
		p.add(s.name, "it must not have a user name or password in it")
	}
	if (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Contains(s.value, "#") {
		p.add(s.name, "it must end after the host and port: no path, query or fragment")
	}
	host, port := strings.ToLower(u.Hostname()), u.Port()
	if port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			p.add(s.name, "the port is not a number from 1 to 65535")
		}
	}
	if u.Scheme == "http" && !isLoopback(host) {
		p.add(s.name, "it must be https unless the host is loopback")
	}
	if (u.Scheme == "https" && port == "443") || (u.Scheme == "http" && port == "80") {
		port = ""
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != "" {
		host += ":" + port
	}
	return u.Scheme + "://" + host
}

// networks reads a comma-separated list of networks in CIDR form; an address alone is a network of one.
func networks(s setting, p *problems) []netip.Prefix {
	var out []netip.Prefix
	for field := range strings.SplitSeq(s.value, ",") {
		field = strings.TrimSpace(field)
		if field == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(field)
		if err != nil {
			var ip netip.Addr
			if ip, err = netip.ParseAddr(field); err == nil && ip.Zone() == "" {
				prefix = netip.PrefixFrom(ip, ip.BitLen())
			}
		}
		switch {
		case !prefix.IsValid():
			p.add(s.name, "not a list of networks such as 10.0.0.0/8, 192.0.2.7")
			return nil
		case prefix.Bits() == 0:
			// Everybody could then choose the address that limits and audit see.
			p.add(s.name, "a network of all addresses would believe everybody")
			return nil
		}
		out = append(out, prefix.Masked())
	}
	return out
}
