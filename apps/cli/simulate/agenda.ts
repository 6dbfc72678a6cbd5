type Entry = { at: Date; order: number; what: () => Promise<void> }

/** What is to happen and when, in the order of time and, at one instant, of writing down. */
export function createAgenda() {
  const entries: Entry[] = []
  let order = 0
  return {
    at(at: Date, what: () => Promise<void>): void {
      entries.push({ at, order: order++, what })
      entries.sort((a, b) => a.at.getTime() - b.at.getTime() || a.order - b.order)
    },
    nextAt: (): Date | null => entries[0]?.at ?? null,
    /** The next thing due at this instant, taken off the agenda. */
    take(now: Date): (() => Promise<void>) | null {
      const [first] = entries
      if (!first || first.at > now) return null
      entries.shift()
      return first.what
    },
    size: () => entries.length,
  }
}

export type Agenda = ReturnType<typeof createAgenda>
