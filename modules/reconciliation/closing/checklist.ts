import type { ListFacts } from './day-facts.ts'

/** What stands between a day and its closing. 'warned': it can be closed all the same, with a reason. */
export type Check = { name: CheckName; outcome: 'passed' | 'open' | 'warned'; count: number }

export const CHECKS = [
  'lists_received', // count: those that are not there
  'lists_compared', // count: those that were not compared since they came or our rows changed
  'differences_worked_off', // count: those that the machine still works on
  'cases_resolved', // count: cases of the day that a person still has
  'books_complete', // count: what the books of the day still lack, as others tell
] as const

export type CheckName = (typeof CHECKS)[number]

export type Standing = {
  lists: readonly ListFacts[]
  openDifferences: number
  openCases: number
  /** What others who keep books of the day still lack. */
  missingInBooks: number
}

/** Pure: every check, in the order in which they are worked off. */
export function checklistOf({
  lists,
  openDifferences,
  openCases,
  missingInBooks,
}: Standing): Check[] {
  const missing = lists.filter(({ status }) => status !== 'received').length
  const uncompared = lists.filter(
    (list) =>
      list.status === 'received' &&
      (list.compareDue || list.comparedVersion !== list.newestVersion),
  ).length
  return [
    blocking('lists_received', missing + (lists.length === 0 ? 1 : 0)),
    blocking('lists_compared', uncompared),
    blocking('differences_worked_off', openDifferences),
    { name: 'cases_resolved', outcome: openCases > 0 ? 'warned' : 'passed', count: openCases },
    blocking('books_complete', missingInBooks),
  ]
}

const blocking = (name: CheckName, count: number): Check => ({
  name,
  outcome: count > 0 ? 'open' : 'passed',
  count,
})
