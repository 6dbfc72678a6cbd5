/** What the driver itself saw happen, to be held against what the hub says. */
export function createTally() {
  const refusals = new Map<string, number>()
  return {
    visits: 0,
    bills: 0,
    refundsAsked: 0,
    refuse: (code: string) => void refusals.set(code, (refusals.get(code) ?? 0) + 1),
    refusals: () => [...refusals].toSorted(([a], [b]) => (a < b ? -1 : 1)),
  }
}

export type Tally = ReturnType<typeof createTally>
