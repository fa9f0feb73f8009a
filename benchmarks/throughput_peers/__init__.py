"""The same work done by others: each program reads, asks and checks the shape of the answers."""
