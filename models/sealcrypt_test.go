package models

import (
	"testing"
)

func TestASealTakesBothKeysAndItsLengthTellsNothing(t *testing.T) {
	firstFor, firstSecret, err := NewSealSecret("a passphrase of the first")
	if err != nil {
		t.Fatal(err)
	}
	secondFor, secondSecret, err := NewSealSecret("a passphrase of the second")
	if err != nil {
		t.Fatal(err)
	}
	first, err := UnlockSealSecret(firstSecret, "a passphrase of the first")
	if err != nil {
		t.Fatal(err)
	}
	second, err := UnlockSealSecret(secondSecret, "a passphrase of the second")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := UnlockSealSecret(firstSecret, "a passphrase of the second"); err != ErrPassphrase {
		t.Errorf("another passphrase: %v", err)
	}
	seal, err := sealTwice(firstFor, secondFor, sealed(7, 1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := second.open(seal); err == nil {
		t.Error("the inner key alone opens it")
	}
	half, err := first.open(seal)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.open(string(half)); err == nil {
		t.Error("the outer key alone opens it")
	}
	plain, err := second.open(string(half))
	if err != nil {
		t.Fatal(err)
	}
	if id, err := unsealed(plain, 7); err != nil || id != 1 {
		t.Errorf("sealed is %d, %v", id, err)
	}
	if _, err := unsealed(plain, 8); err == nil {
		t.Error("it passes for the seal of another mask")
	}
	longest, err := sealTwice(firstFor, secondFor, sealed(1<<62, 1<<62))
	if err != nil || len(longest) != len(seal) {
		t.Errorf("%d and %d bytes, %v", len(seal), len(longest), err)
	}
}
