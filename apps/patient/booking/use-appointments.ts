import { useQueries } from '@tanstack/react-query'

import { SECOND_MS } from '../../../kernel/time.ts'
import { query } from '../api.ts'

export const MINE = '/v1/hospitals/{hospitalId}/my-appointments'

/** Also what happens elsewhere is seen: an offer, a clinic that stops, money that has come back. */
export const EACH_MOMENT = { refetchInterval: 15 * SECOND_MS } as const
const MOST = 200

/** What the person has at each of the hospitals, in their order. */
export const useAppointments = (hospitals: readonly { id: number }[]) =>
  useQueries({
    queries: hospitals.map(({ id }) =>
      query.queryOptions(
        'get',
        MINE,
        { params: { path: { hospitalId: id }, query: { limit: MOST } } },
        EACH_MOMENT,
      ),
    ),
  })
