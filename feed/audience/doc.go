// Package audience counts who reads the feeds, and how requests are answered.
//
// Services that fetch a feed once for many people say in User-Agent for how many; what one says last counts, for each feed
// by the service's own name of it, from however many addresses it asks. All others count one per client and day.
//
// No address is kept. A client is a number, made of its address, its program and a secret of the day which never leaves
// memory, and that number is only put into sketches that tell how many different ones there were, not which. Therefore
// some things are not known: people behind one address with one program are one client; one whose address changes within
// a day is several; and who reads on more than one day is not told from two people. A service may lie, and everybody
// may call himself a service.
package audience
