import type { BusinessDate } from '../../../kernel/time.ts'
import { api } from '../api.ts'
import { may, useStaff } from '../shell/staff.ts'

const REFRESH_MS = 60_000

/** How far each day of a range has come; nothing is asked for those who may not see it. */
export function useDays(from: BusinessDate, to: BusinessDate) {
  const staff = useStaff()
  return api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/reconciliation/days',
    { params: { path: { hospitalId: staff.hospitalId }, query: { from, to } } },
    { enabled: may(staff, 'readBooks'), refetchInterval: REFRESH_MS },
  )
}
