import { api } from '../api.ts'
import { useChange } from '../shell/use-change.ts'
import type { Content, Fixtures, Terms } from './words.ts'

const RUNNING_REFRESH_MS = 1_000

/** What is prepared, tried and lacking; asked each second while the kit runs. */
export const useStanding = (hospitalId: number) =>
  api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/onboarding',
    { params: { path: { hospitalId } } },
    { refetchInterval: ({ state }) => (state.data?.running ? RUNNING_REFRESH_MS : false) },
  )

export const useSave = (hospitalId: number, words: string) =>
  useChange<Content>(
    async (body) => {
      const params = { path: { hospitalId } }
      const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/onboarding', {
        params,
        body,
      })
      if (error) throw error
    },
    { words },
  )

export const useProbe = (hospitalId: number, words: string) =>
  useChange<{ version: number }>(
    async (body) => {
      const params = { path: { hospitalId } }
      const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/onboarding/probe', {
        params,
        body,
      })
      if (error) throw error
    },
    { words },
  )

type Patient = { idCardNo: string; name: string }

export const useDryRun = (hospitalId: number, words: string) =>
  useChange<{ version: number; patient: Patient | null }>(
    async (body) => {
      const params = { path: { hospitalId } }
      const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/onboarding/dry-run', {
        params,
        body,
      })
      if (error) throw error
    },
    { words },
  )

export const useConformance = (hospitalId: number, words: string) =>
  useChange<{ version: number; fixtures: Fixtures }>(
    async (body) => {
      const params = { path: { hospitalId } }
      const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/onboarding/conformance', {
        params,
        body,
      })
      if (error) throw error
    },
    { words },
  )

export const usePutForward = (hospitalId: number, words: string) =>
  useChange<Terms>(
    async (body) => {
      const params = { path: { hospitalId } }
      const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/onboarding/put-forward', {
        params,
        body,
      })
      if (error) throw error
    },
    { words },
  )

export const useGoLive = (hospitalId: number, words: string) =>
  useChange<{ version: number; sha256: string }>(
    async (body) => {
      const params = { path: { hospitalId } }
      const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/onboarding/go-live', {
        params,
        body,
      })
      if (error) throw error
    },
    { words },
  )
