"""The machine of docs/background/model.md as a kernel over one array of integers.

Each module holds the same functions in the same order as its namesake of the reference engine
(`clock`, `state`, `choice`, `draws`, `work`, `ledger`, and `handlers` for `reference`); `layout`
says what stands where in the array. Nothing but data is shared with the reference engine.
"""
