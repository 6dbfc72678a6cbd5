/** One figure of ours beside one of somebody else's, taken in the same run on the same machine. */
export type Figure = {
  name: string
  value: number
  unit: string
  beside: { name: string; value: number }
  /** Above 1 where ours is the better one, whichever way better is. */
  ratio: number
}

export type BenchResult = {
  bench: string
  figures: Figure[]
  /** How it was taken: what somebody who doubts the figures would ask first. */
  conditions: Record<string, string | number>
}

type Beside = { name: string; value: number }

/** A rate: more is better. */
export const rate = (name: string, value: number, unit: string, beside: Beside): Figure => ({
  name,
  value: rounded(value),
  unit,
  beside: { ...beside, value: rounded(beside.value) },
  ratio: rounded(value / beside.value),
})

/** A time: less is better. */
export const time = (name: string, value: number, unit: string, beside: Beside): Figure => ({
  ...rate(name, value, unit, beside),
  ratio: rounded(beside.value / value),
})

/** Three digits that mean something; more would only look exact. */
const rounded = (value: number): number => Number(value.toPrecision(3))

export function formatResult({ bench, figures, conditions }: BenchResult): string {
  const rows = figures.map(({ name, value, unit, beside, ratio }) => [
    name,
    `${value} ${unit}`,
    `${beside.value} ${unit}`,
    `×${ratio}`,
    beside.name,
  ])
  const widths = [0, 1, 2, 3].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')
  return [
    `bench ${bench}: ours, beside, ratio (above 1 is better for us)`,
    ...rows.map((row) => `  ${line(row).trimEnd()}`),
    ...Object.entries(conditions).map(([name, value]) => `  ${name}: ${value}`),
  ].join('\n')
}
