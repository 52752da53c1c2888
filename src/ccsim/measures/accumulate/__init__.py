"""Rows of records -> sums, one pass in compiled code that holds no lock.

Everything that is kept is a whole number (counts, microseconds) and adds up, so the sums of many
chunks are those of one, bit for bit. What a sum means is written in `ccsim.measures.counts`,
`calling`, `work` and `staff`; here is only decided what became of each attempt and each customer.
"""
