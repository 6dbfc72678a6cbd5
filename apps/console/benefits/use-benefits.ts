import { useMutation } from '@tanstack/react-query'

import type { operations } from '../../../contract/hub.d.ts'
import { underKey } from '../../web/idempotency-key.ts'
import { api } from '../api.ts'
import { type Done, useChange } from '../shell/use-change.ts'
import type { Patient } from './model.ts'

type Body<Name extends keyof operations> = operations[Name] extends {
  requestBody: { content: { 'application/json': infer T } }
}
  ? T
  : never

export type NewProgramme = Body<'createBenefitProgramme'>
export type Verdict = Body<'decideBenefitProgramme'>

/** What one person asked for and another decides on. */
export type Decided = { kind: 'programme' | 'allotment' | 'entitlement'; id: string }

export const useProposeProgramme = (hospitalId: number, done: Done) =>
  useChange<NewProgramme>(async (body) => {
    await underKey(`programme:${hospitalId}:${JSON.stringify(body)}`, async (key) => {
      const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/benefit-programmes', {
        params: { path: { hospitalId }, header: { 'Idempotency-Key': key } },
        body,
      })
      if (error) throw error
    })
  }, done)

export const useDecide = (hospitalId: number, { kind, id }: Decided, done: Done) =>
  useChange<Verdict>(async (body) => {
    const options = { params: { path: { hospitalId, id } }, body }
    const { error } = await sendDecision(kind, options)
    if (error) throw error
  }, done)

type DecisionOptions = {
  params: { path: { hospitalId: number; id: string } }
  body: Verdict
}

function sendDecision(
  kind: Decided['kind'],
  options: DecisionOptions,
): Promise<{ error?: unknown }> {
  switch (kind) {
    case 'programme':
      return api.client.POST('/v1/hospitals/{hospitalId}/benefit-programmes/{id}/decision', options)
    case 'allotment':
      return api.client.POST(
        '/v1/hospitals/{hospitalId}/benefit-allotment-proposals/{id}/decision',
        options,
      )
    case 'entitlement':
      return api.client.POST(
        '/v1/hospitals/{hospitalId}/benefit-entitlements/{id}/decision',
        options,
      )
  }
}

export const useEndProgramme = (path: { hospitalId: number; id: string }, done: Done) =>
  useChange<string>(async (reason) => {
    const { error } = await api.client.POST(
      '/v1/hospitals/{hospitalId}/benefit-programmes/{id}/end',
      { params: { path }, body: { reason } },
    )
    if (error) throw error
  }, done)

export const useRevoke = (path: { hospitalId: number; id: string }, done: Done) =>
  useChange<string>(async (reason) => {
    const { error } = await api.client.POST(
      '/v1/hospitals/{hospitalId}/benefit-entitlements/{id}/revocation',
      { params: { path }, body: { reason } },
    )
    if (error) throw error
  }, done)

export const useAllot = (path: { hospitalId: number; id: string }, done: Done) =>
  useChange<Body<'allotBenefitBudget'>>(async (body) => {
    await underKey(`allot:${path.id}:${JSON.stringify(body)}`, async (key) => {
      const { error } = await api.client.POST(
        '/v1/hospitals/{hospitalId}/benefit-programmes/{id}/allotments',
        { params: { path, header: { 'Idempotency-Key': key } }, body },
      )
      if (error) throw error
    })
  }, done)

export const useGrant = (hospitalId: number, done: Done) =>
  useChange<Body<'proposeBenefitEntitlement'>>(async (body) => {
    await underKey(`grant:${JSON.stringify(body)}`, async (key) => {
      const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/benefit-entitlements', {
        params: { path: { hospitalId }, header: { 'Idempotency-Key': key } },
        body,
      })
      if (error) throw error
    })
  }, done)

export const useSell = (hospitalId: number, done: Done) =>
  useChange<Body<'sellBenefitPackage'>>(async (body) => {
    await underKey(`sale:${JSON.stringify(body)}`, async (key) => {
      const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/benefit-package-sales', {
        params: { path: { hospitalId }, header: { 'Idempotency-Key': key } },
        body,
      })
      if (error) throw error
    })
  }, done)

export const useEnterNeed = (hospitalId: number, done: Done) =>
  useChange<Body<'enterPeopleInNeed'>>(async (body) => {
    const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/people-in-need', {
      params: { path: { hospitalId } },
      body,
    })
    if (error) throw error
  }, done)

export const useEndNeed = (
  path: { hospitalId: number; personId: string; id: string },
  done: Done,
) =>
  useChange<string>(async (reason) => {
    const { error } = await api.client.POST(
      '/v1/hospitals/{hospitalId}/people-in-need/{personId}/{id}/end',
      { params: { path }, body: { reason } },
    )
    if (error) throw error
  }, done)

export type Lookup = Body<'lookUpPatient'>

/** Whose number it is; null for nobody's. */
export const useLookUpPatient = (hospitalId: number) =>
  useMutation<Patient | null, unknown, Lookup>({
    mutationFn: async (body) => {
      const { data, error } = await api.client.POST('/v1/hospitals/{hospitalId}/patient-lookups', {
        params: { path: { hospitalId } },
        body,
      })
      if (error) throw error
      return data.patient
    },
  })
