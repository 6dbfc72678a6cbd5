import type { CalendarTerms } from './contract.ts'

/**
 * The statutory holidays as the State Council arranges them each autumn for the year that comes, to be proposed as that
 * year's calendar and agreed to by a second person, who holds them against the notice. UNCERTAIN until then: used by nothing.
 */
export const CHINA_HOLIDAYS: Readonly<Record<string, CalendarTerms>> = {
  '2026': {
    daysOff: [
      ...days('2026-01', 1, 3),
      ...days('2026-02', 15, 23),
      ...days('2026-04', 4, 6),
      ...days('2026-05', 1, 5),
      ...days('2026-06', 19, 21),
      ...days('2026-09', 25, 27),
      ...days('2026-10', 1, 7),
    ],
    workdays: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
  },
}

function days(month: string, from: number, to: number): string[] {
  return Array.from(
    { length: to - from + 1 },
    (_, i) => `${month}-${String(from + i).padStart(2, '0')}`,
  )
}
