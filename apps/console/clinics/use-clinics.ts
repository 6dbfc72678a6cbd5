import { useMutation, useQueries, useQueryClient } from '@tanstack/react-query'

import { addDays, SECOND_MS } from '../../../kernel/time.ts'
import { underKey } from '../../web/idempotency-key.ts'
import { api } from '../api.ts'
import { today } from '../clock.ts'
import { announce } from '../shell/announce.ts'
import { useStaff } from '../shell/staff.ts'
import { type Figure, isUnderWay } from './figures.ts'

const CLINICS = '/v1/hospitals/{hospitalId}/booking/clinics'
const SESSION = '/v1/hospitals/{hospitalId}/booking/sessions/{id}'
const PREVIEW = '/v1/hospitals/{hospitalId}/booking/sessions/{id}/stop-preview'
const STOPS = '/v1/hospitals/{hospitalId}/booking/stops'
const STOP = '/v1/hospitals/{hospitalId}/booking/stops/{id}'
const PEOPLE = '/v1/hospitals/{hospitalId}/booking/stops/{id}/people'
const MOST = 200
const FRESH_MS = 15 * SECOND_MS
const SOON_MS = 3 * SECOND_MS
/** Days after today that are open for booking, as is usual. */
export const DAYS_AHEAD = 8

/** The sessions of one day, or of a department over all the coming ones. */
export function useClinics({ day, departmentCode }: ClinicWish) {
  const { hospitalId } = useStaff()
  const from = day ?? today()
  const to = day ?? addDays(from, DAYS_AHEAD)
  const wish = { from, to, limit: MOST, ...(departmentCode ? { departmentCode } : {}) }
  const params = { path: { hospitalId }, query: wish }
  return api.query.useQuery('get', CLINICS, { params }, { refetchInterval: FRESH_MS })
}

export type ClinicWish = {
  day: ReturnType<typeof today> | undefined
  departmentCode: string | undefined
}

/** What it would be to stop each of these, side by side. */
export function usePreviews(ids: readonly string[]) {
  const { hospitalId } = useStaff()
  return useQueries({
    queries: ids.map((id) =>
      api.query.queryOptions('get', PREVIEW, { params: { path: { hospitalId, id } } }),
    ),
  })
}

export function useSession(id: string) {
  const { hospitalId } = useStaff()
  const params = { path: { hospitalId, id } }
  return api.query.useQuery('get', SESSION, { params }, { staleTime: FRESH_MS })
}

export function useStops() {
  const { hospitalId } = useStaff()
  const params = { path: { hospitalId }, query: { limit: MOST } }
  return api.query.useQuery('get', STOPS, { params }, { refetchInterval: FRESH_MS })
}

/** Looked at again every few seconds while something of it is still to come. */
export function useStop(id: string) {
  const { hospitalId } = useStaff()
  return api.query.useQuery(
    'get',
    STOP,
    { params: { path: { hospitalId, id } } },
    {
      refetchInterval: ({ state: { data } }) =>
        data && !isUnderWay(data) && data.stop.status !== 'proposed' ? FRESH_MS : SOON_MS,
    },
  )
}

export function useStopPeople(id: string, figure: Figure) {
  const { hospitalId } = useStaff()
  const query = { limit: MOST, ...(figure === 'told' ? {} : { outcome: figure }) }
  const params = { path: { hospitalId, id }, query }
  return api.query.useQuery('get', PEOPLE, { params }, { refetchInterval: SOON_MS })
}

/** Proposes to stop each of these; what is proposed already stays so when a later one fails. */
export function usePropose(words: string) {
  const { hospitalId } = useStaff()
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async ({ ids, reason }: { ids: readonly string[]; reason: string }) => {
      for (const sessionId of ids) {
        await underKey(`stop:${sessionId}:${reason}`, async (key) => {
          const { error } = await api.client.POST(STOPS, {
            params: { path: { hospitalId }, header: { 'Idempotency-Key': key } },
            body: { sessionId, reason },
          })
          if (error) throw error
        })
      }
    },
    onSuccess: () => announce(words),
    onSettled: refresh,
  })
}

export function useDecide(id: string, words: string) {
  const { hospitalId } = useStaff()
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (agrees: boolean) =>
      underKey(`decide-stop:${id}:${agrees}`, async (key) => {
        const { error } = await api.client.POST(`${STOPS}/{id}/decision`, {
          params: { path: { hospitalId, id }, header: { 'Idempotency-Key': key } },
          body: { agrees },
        })
        if (error) throw error
      }),
    onSuccess: () => announce(words),
    onSettled: refresh,
  })
}

function useRefresh(): () => Promise<unknown> {
  const queryClient = useQueryClient()
  return () =>
    Promise.all(
      [CLINICS, PREVIEW, STOPS, STOP, PEOPLE].map((path) =>
        queryClient.invalidateQueries({ queryKey: ['get', path] }),
      ),
    )
}
