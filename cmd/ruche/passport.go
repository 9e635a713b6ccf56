package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"ruche/app/passports"
)

// passportCommand looks at files in which the house vouches for what somebody contributed.
type passportCommand struct {
	Verify passportVerifyCommand `cmd:"" help:"Say whether a passport is unchanged, and which house signed it."`
}

// passportVerifyCommand checks a signature against the keys of this deployment, or against those of another house.
type passportVerifyCommand struct {
	File string   `arg:"" type:"existingfile" help:"The file, as its owner got it."`
	Key  []string `help:"A public key of the house that should have signed it, in base 64, as its page /.well-known/ruche-passport-keys has it. Without one, those of this deployment count."`
}

// errUnknownKey is of a passport that is unchanged and whose key belongs to no house that was asked about.
var errUnknownKey = errors.New("unchanged since it was signed, but by a key that is not known: anybody can have signed it in that name")

// maxPassport bounds the file.
const maxPassport = 64 << 20

// Run prints who signed the passport, and fails if that is not known or if it was changed.
func (c *passportVerifyCommand) Run(s *streams) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, maxPassport))
	if err != nil {
		return err
	}
	known := c.Key
	if len(known) == 0 {
		_, db, err := s.database()
		if err != nil {
			return err
		}
		defer db.Close()
		if known, err = db.PublicKeys(s.ctx); err != nil {
			return err
		}
	}
	verdict, err := passports.Verify(raw, known)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s, %s\n%s (%s)\nkey %s\n", verdict.Person, verdict.MadeAt.UTC().Format("2006-01-02 15:04"), verdict.House, verdict.Address, verdict.Key)
	if !verdict.Known {
		return errUnknownKey
	}
	fmt.Fprintln(s.out, "unchanged, and signed by this house")
	return nil
}
