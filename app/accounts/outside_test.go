package accounts

import "testing"

func TestOnlyPublicAddressesAreOutside(t *testing.T) {
	for _, address := range []string{
		"127.0.0.1:443", "10.0.0.1:443", "172.16.3.4:443", "192.168.1.1:443", "169.254.169.254:443", "100.64.0.1:443", "0.0.0.0:443", "0.1.2.3:443", "224.0.0.1:443", "255.255.255.255:443", "198.18.0.1:443",
		"[::1]:443", "[::]:443", "[fe80::1]:443", "[fe80::1%eth0]:443", "[fc00::1]:443", "[fd12::1]:443", "[ff02::1]:443", "[::ffff:127.0.0.1]:443", "[::ffff:10.0.0.1]:443", "[::127.0.0.1]:443",
		"[64:ff9b::a00:1]:443", "[2002:7f00:1::]:443", "[2001:0:1::]:443", "[fec0::1]:443", "name:443", "", "1.1.1.1",
	} {
		if publicOnly("tcp", address, nil) == nil {
			t.Errorf("%s is taken for a public address", address)
		}
	}
	for _, address := range []string{"93.184.215.14:443", "1.1.1.1:8443", "[2606:4700::1111]:443", "[::ffff:1.1.1.1]:443"} {
		if err := publicOnly("tcp", address, nil); err != nil {
			t.Errorf("%s is refused: %v", address, err)
		}
	}
}
