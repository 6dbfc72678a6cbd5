import type { Bill } from '../../../contract/client.ts'

/** The open bills of one visit, which can be paid together. */
export type Visit = {
  visitNo: string
  title: string
  billedAt: string
  totalFen: number
  bills: Bill[]
}

/** Newest first; the bills of a visit in the order in which they were made. */
export function visitsOf(bills: readonly Bill[]): Visit[] {
  const visitNos = [...new Set(bills.map((bill) => bill.visitNo))]
  const visits = visitNos.flatMap((visitNo) => {
    const own = bills
      .filter((bill) => bill.visitNo === visitNo)
      .toSorted((a, b) => a.billedAt.localeCompare(b.billedAt))
    const [first] = own
    const latest = own.at(-1)
    if (!first || !latest) return []
    const totalFen = totalFenOf(own)
    return [{ visitNo, title: first.title, billedAt: latest.billedAt, totalFen, bills: own }]
  })
  return visits.toSorted((a, b) => b.billedAt.localeCompare(a.billedAt))
}

export const totalFenOf = (bills: readonly { totalFen: number }[]): number =>
  bills.reduce((sum, bill) => sum + bill.totalFen, 0)
