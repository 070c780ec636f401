// Package itoolabs holds the protocol of the virtual PBX that ITooLabs makes and operators sell under
// names of their own (МегаФон, Дом.ru Бизнес, Gravitel, Kcell, Moldcell): what the PBX posts to a CRM,
// what it answers to commands, and both ways of writing it. It knows nothing of Dozvon.
//
// Sections named in comments are those of the reference `protocol/itoolabs-vpbx.md`.
package itoolabs
