import { useMutation, useQueryClient } from '@tanstack/react-query'

import { addDays, businessDateOf, SECOND_MS } from '../../../kernel/time.ts'
import { underKey } from '../../web/idempotency-key.ts'
import { client, query } from '../api.ts'
import { useHubNow } from '../parts/hub-clock.ts'
import type { ProofTask } from './proof-work.ts'
import type { ProofWord } from './proof.worker.ts'
import type { Appointment } from './sessions.ts'
import { EACH_MOMENT, MINE } from './use-appointments.ts'

const SESSIONS = '/v1/hospitals/{hospitalId}/booking/sessions'
const SESSION = '/v1/hospitals/{hospitalId}/booking/sessions/{id}'
const SLOTS = '/v1/hospitals/{hospitalId}/booking/sessions/{id}/slots'
const WAITING = '/v1/hospitals/{hospitalId}/booking/waiting'
const ONE = '/v1/hospitals/{hospitalId}/my-appointments/{id}'
const MOST = 200
/** Of the days after today, so many can be booked. */
export const DAYS_AHEAD = 8
const FRESH_MS = 10 * SECOND_MS

/** The sessions of a day, or of the next days; the department's own where one is named. */
export function useSessions(hospitalId: number, { day, departmentCode }: SessionWish) {
  const now = useHubNow()
  const today = businessDateOf(new Date(now ?? 0))
  const from = day ?? today
  const to = day ?? addDays(today, DAYS_AHEAD)
  const wish = { from, to, limit: MOST, ...(departmentCode ? { departmentCode } : {}) }
  return query.useQuery(
    'get',
    SESSIONS,
    { params: { path: { hospitalId }, query: wish } },
    { enabled: now !== null, staleTime: FRESH_MS },
  )
}

type SessionWish = { day?: string | undefined; departmentCode?: string | undefined }

export const useSession = (hospitalId: number, id: string) =>
  query.useQuery(
    'get',
    SESSION,
    { params: { path: { hospitalId, id } } },
    { staleTime: FRESH_MS, refetchInterval: FRESH_MS },
  )

export const useSlots = (hospitalId: number, id: string) =>
  query.useQuery(
    'get',
    SLOTS,
    { params: { path: { hospitalId, id }, query: { limit: MOST } } },
    { staleTime: FRESH_MS },
  )

export const useWaiting = (hospitalId: number) =>
  query.useQuery(
    'get',
    WAITING,
    { params: { path: { hospitalId }, query: { limit: MOST } } },
    EACH_MOMENT,
  )

/**
 * Holds a number, after the work that the hospital asks of a device, and makes it an appointment. The answer is booked, or
 * has a bill to be paid before it expires. The hold counts once, however often it is pressed.
 */
export function useHold(
  hospitalId: number,
  sessionId: string,
  onPercent: (percent: number) => void,
) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (slotNumber: number | null) => {
      const bound = { hospitalId, sessionId }
      const wish = `hold:${sessionId}:${slotNumber ?? ''}`
      const held = await underKey(wish, async (key) => {
        const proof = await workFor(bound, key, onPercent)
        const { data, error } = await client.POST('/v1/hospitals/{hospitalId}/booking/holds', {
          params: { path: { hospitalId }, header: { 'Idempotency-Key': key } },
          body: {
            sessionId,
            ...(slotNumber === null ? {} : { slotNumber }),
            ...(proof && { proof }),
          },
        })
        if (error) throw error
        return data
      })
      return act(hospitalId, held.id, 'booking')
    },
    onSettled: refresh,
  })
}

type Bound = { hospitalId: number; sessionId: string }

/** What was worked out is kept under the key: a repeated request says the same. */
async function workFor(
  { hospitalId, sessionId }: Bound,
  key: string,
  onPercent: (percent: number) => void,
): Promise<Proof | null> {
  const kept = sessionStorage.getItem(PROOF + key)
  if (kept) return JSON.parse(kept) as Proof
  const { data, error } = await client.POST('/v1/hospitals/{hospitalId}/booking/proof-tasks', {
    params: { path: { hospitalId } },
    body: { sessionId },
  })
  if (error) throw error
  if (data.bits === 0) return null
  const proof = { text: data.text, nonce: await solveAside(data, onPercent) }
  sessionStorage.setItem(PROOF + key, JSON.stringify(proof))
  return proof
}

const PROOF = 'yiqiao.proof.'
type Proof = { text: string; nonce: string }

async function solveAside(
  { text, bits }: ProofTask,
  onPercent: (percent: number) => void,
): Promise<string> {
  const worker = new Worker(new URL('./proof.worker.ts', import.meta.url), { type: 'module' })
  try {
    return await new Promise<string>((resolve, reject) => {
      worker.addEventListener('error', () => reject(new Error('the worker ended')))
      worker.addEventListener('message', ({ data }: MessageEvent<ProofWord>) => {
        if ('nonce' in data) resolve(data.nonce)
        else onPercent(data.percent)
      })
      worker.postMessage({ text, bits })
    })
  } finally {
    worker.terminate()
  }
}

export type Act = 'booking' | 'cancellation' | 'money-back'

/** Books, cancels or takes the money, once however often it is pressed. */
export function useAct(hospitalId: number, id: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (what: Act) => act(hospitalId, id, what),
    onSettled: refresh,
  })
}

const act = (hospitalId: number, id: string, what: Act): Promise<Appointment> =>
  underKey(`${what}:${id}`, async (key) => {
    const { data, error } = await client.POST(`${ONE}/${what}`, {
      params: { path: { hospitalId, id }, header: { 'Idempotency-Key': key } },
    })
    if (error) throw error
    return data
  })

/** A number of an equal session in place of one that does not take place. */
export function useMove(hospitalId: number, id: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (sessionId: string) =>
      underKey(`move:${id}:${sessionId}`, async (key) => {
        const { error } = await client.POST(`${ONE}/move`, {
          params: { path: { hospitalId, id }, header: { 'Idempotency-Key': key } },
          body: { sessionId },
        })
        if (error) throw error
      }),
    onSettled: refresh,
  })
}

/** Waits for a number that somebody gives back. */
export function useWait(hospitalId: number, sessionId: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: () =>
      underKey(`wait:${sessionId}`, async (key) => {
        const { error } = await client.POST(WAITING, {
          params: { path: { hospitalId }, header: { 'Idempotency-Key': key } },
          body: { sessionId },
        })
        if (error) throw error
      }),
    onSettled: refresh,
  })
}

export function useStopWaiting(hospitalId: number, id: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: () =>
      underKey(`leave:${id}`, async (key) => {
        const { error } = await client.POST(`${WAITING}/{id}/leaving`, {
          params: { path: { hospitalId, id }, header: { 'Idempotency-Key': key } },
        })
        if (error) throw error
      }),
    onSettled: refresh,
  })
}

/** Also after a failure: perhaps it was carried out, and only the answer was lost. */
function useRefresh(): () => Promise<unknown> {
  const queryClient = useQueryClient()
  return () =>
    Promise.all(
      [SESSIONS, SESSION, SLOTS, WAITING, MINE].map((path) =>
        queryClient.invalidateQueries({ queryKey: ['get', path] }),
      ),
    )
}
