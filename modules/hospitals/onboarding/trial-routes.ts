import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../../kernel/id.ts'
import { requestActor } from '../../../platform/http/access.ts'
import { problems } from '../../../platform/http/problem.ts'
import { HospitalParam, nullable } from '../../../platform/http/schemas.ts'
import { FixturesSchema } from '../conformance/fixtures.ts'
import type { Onboarding } from './onboarding.ts'
import { ProgressView, type StepView, stepViewOf, TERMS, Version } from './views.ts'

const Step = Type.Unsafe<Type.Static<typeof StepView>>(Type.Ref('OnboardingStep'))
const Patient = Type.Object(
  {
    idCardNo: Type.String({ minLength: 1, maxLength: 18 }),
    name: Type.String({ minLength: 1, maxLength: 50 }),
  },
  { additionalProperties: false },
)

const schemaOf = <B extends Type.TProperties, A extends Type.TSchema>(
  operationId: string,
  summary: string,
  body: B,
  answer: A,
) => ({
  operationId,
  summary,
  tags: ['hospitals'],
  params: Type.Object({ hospitalId: HospitalParam }),
  body: Type.Object({ version: Version, ...body }, { additionalProperties: false }),
  response: { 200: answer, ...problems },
})

/** Tries of a version, and its going live by two persons. */
export const onboardingTrialRoutes =
  (onboarding: Onboarding): FastifyPluginAsyncTypebox =>
  async (app) => {
    const config = { access: ['staff:it' as const] }
    const root = '/hospitals/:hospitalId/onboarding'
    app.post(
      `${root}/probe`,
      {
        config,
        schema: schemaOf('probeOnboarding', 'Ask whether the system answers, now', {}, Step),
      },
      async (request) => {
        const { version } = request.body
        const hospitalId = request.params.hospitalId as HospitalId
        const actor = requestActor(request)
        return stepViewOf(await onboarding.probeDraft(hospitalId, version, actor))
      },
    )
    const dryRun = 'Ask all that only reads, with the real answers beside what they mean'
    app.post(
      `${root}/dry-run`,
      {
        config,
        schema: schemaOf('dryRunOnboarding', dryRun, { patient: nullable(Patient) }, Step),
      },
      async (request) => {
        const { version, patient } = request.body
        const hospitalId = request.params.hospitalId as HospitalId
        const actor = requestActor(request)
        return stepViewOf(await onboarding.dryRunDraft(hospitalId, version, patient, actor))
      },
    )
    const kit = 'Begin a run of the conformance kit; its report becomes a step'
    app.post(
      `${root}/conformance`,
      {
        config,
        schema: schemaOf('startConformance', kit, { fixtures: FixturesSchema }, ProgressView),
      },
      async (request) => {
        const { version, fixtures } = request.body
        const hospitalId = request.params.hospitalId as HospitalId
        const actor = requestActor(request)
        return { ...(await onboarding.startConformance(hospitalId, version, fixtures, actor)) }
      },
    )
    await app.register(goingLiveRoutes(onboarding))
  }

const goingLiveRoutes =
  (onboarding: Onboarding): FastifyPluginAsyncTypebox =>
  async (app) => {
    const config = { access: ['staff:it' as const] }
    const root = '/hospitals/:hospitalId/onboarding'
    app.post(
      `${root}/put-forward`,
      {
        config,
        schema: schemaOf('putOnboardingForward', 'Put a version forward to go live', TERMS, Step),
      },
      async (request) => {
        const { version, ...terms } = request.body
        const hospitalId = request.params.hospitalId as HospitalId
        const actor = requestActor(request)
        return stepViewOf(await onboarding.putForward(hospitalId, version, terms, actor))
      },
    )
    const sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
    app.post(
      `${root}/go-live`,
      {
        config,
        schema: schemaOf('goLive', 'Agree, as another person, and switch it on', { sha256 }, Step),
      },
      async (request) => {
        const hospitalId = request.params.hospitalId as HospitalId
        const actor = requestActor(request)
        return stepViewOf(await onboarding.goLive(hospitalId, request.body, actor))
      },
    )
  }
