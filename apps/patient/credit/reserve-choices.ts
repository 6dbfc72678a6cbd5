/** Round amounts in fen to keep for a visit: nobody types a number here. The last is all that is free. */
export function reserveChoices(freeFen: number): number[] {
  const round = ROUND_FEN.filter((fen) => fen < freeFen)
  return [...round, freeFen]
}

const ROUND_FEN = [30_000, 50_000, 100_000, 300_000]
