package models

import "slices"

// webmail are domains at which anybody gets an address: who has one proves nothing about whom they belong to.
var webmail = []string{
	"aliyun.com", "aol.com", "aol.fr", "bbox.fr", "bluewin.ch", "bluemail.ch", "btinternet.com", "comcast.net", "cox.net", "duck.com", "earthlink.net", "email.com", "fastmail.com",
	"fastmail.fm", "free.fr", "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.fr", "gmx.net", "googlemail.com", "hey.com", "hotmail.be", "hotmail.ch", "hotmail.co.uk",
	"hotmail.com", "hotmail.de", "hotmail.es", "hotmail.fr", "hotmail.it", "icloud.com", "inbox.com", "interia.pl", "laposte.net", "libero.it", "live.be", "live.co.uk", "live.com", "live.fr",
	"live.nl", "mac.com", "mail.com", "mail.ru", "mailbox.org", "me.com", "msn.com", "neuf.fr", "numericable.fr", "o2.pl", "onet.pl", "orange.fr", "outlook.be", "outlook.com", "outlook.de",
	"outlook.fr", "pm.me", "posteo.de", "posteo.net", "proton.me", "protonmail.ch", "protonmail.com", "qq.com", "rambler.ru", "rocketmail.com", "sbcglobal.net", "seznam.cz", "sfr.fr",
	"sina.com", "skynet.be", "sunrise.ch", "t-online.de", "telenet.be", "tiscali.it", "tuta.com", "tutanota.com", "verizon.net", "virgilio.it", "voila.fr", "wanadoo.fr", "web.de", "wp.pl",
	"yahoo.ca", "yahoo.co.uk", "yahoo.com", "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.it", "yandex.com", "yandex.ru", "ymail.com", "yopmail.com", "zoho.com", "126.com", "163.com",
}

// Webmail tells whether anybody can have an address at a domain.
func Webmail(domain string) bool { return slices.Contains(webmail, domain) }
