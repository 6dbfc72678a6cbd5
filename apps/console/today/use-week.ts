import { useQueries } from '@tanstack/react-query'

import { addDays } from '../../../kernel/time.ts'
import { api } from '../api.ts'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { useStaff } from '../shell/staff.ts'

const DAYS = 7

/** The finance days of the week that ends with the date, the oldest first; undefined until all are there. */
export function useWeek() {
  const { hospitalId } = useStaff()
  const date = useBusinessDate()
  const queries = Array.from({ length: DAYS }, (_, i) =>
    api.query.queryOptions('get', '/v1/hospitals/{hospitalId}/finance/days/{date}', {
      params: { path: { hospitalId, date: addDays(date, i + 1 - DAYS) } },
    }),
  )
  return useQueries({
    queries,
    combine: (answers) => {
      const days = answers.flatMap(({ data }) => (data ? [data] : []))
      return {
        days: days.length === DAYS ? days : undefined,
        error: answers.find((answer) => answer.error !== null)?.error ?? null,
        refetch: () => {
          for (const answer of answers) void answer.refetch()
        },
      }
    },
  })
}
