import { api } from '../api.ts'
import { useStaff } from '../shell/staff.ts'

const MOST = 200
const REFRESH_MS = 20_000

/** The applications of this hospital, for their names: the newest two hundred. */
export function useApplications() {
  const { hospitalId } = useStaff()
  return api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/partner-applications',
    { params: { path: { hospitalId }, query: { limit: MOST } } },
    { refetchInterval: REFRESH_MS },
  )
}
