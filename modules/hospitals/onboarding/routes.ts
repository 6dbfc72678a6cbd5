import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../../kernel/id.ts'
import { requestActor } from '../../../platform/http/access.ts'
import { problems } from '../../../platform/http/problem.ts'
import { HospitalParam, nullable } from '../../../platform/http/schemas.ts'
import { hospitalErrors } from '../errors.ts'
import type { Onboarding } from './onboarding.ts'
import { onboardingTrialRoutes } from './trial-routes.ts'
import {
  After,
  CONTENT,
  DraftView,
  draftViewOf,
  LackingView,
  MappingView,
  ProductView,
  productViewOf,
  ProgressView,
  StepView,
  stepViewOf,
  Texts,
  Version,
} from './views.ts'

const OfHospital = Type.Object({ hospitalId: HospitalParam })
const ROOT = '/hospitals/:hospitalId/onboarding'
const access = ['staff:it'] as const
const Shown = Type.Unsafe<Type.Static<typeof DraftView>>(Type.Ref('OnboardingDraft'))
const Step = Type.Unsafe<Type.Static<typeof StepView>>(Type.Ref('OnboardingStep'))
const MOST_DEPARTMENTS = 200

/** For the hospital's IT staff: what is prepared, and the tries of it. */
export const onboardingRoutes =
  (onboarding: Onboarding): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(DraftView)
    app.addSchema(StepView)
    await app.register(draftRoutes(onboarding))
    await app.register(contentRoutes(onboarding))
    await app.register(fileRoutes(onboarding))
    await app.register(onboardingTrialRoutes(onboarding))
  }

const draftRoutes =
  (onboarding: Onboarding): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { products } = onboarding
    app.get(
      `${ROOT}/products`,
      {
        config: { access: [...access] },
        schema: {
          operationId: 'listHospitalProducts',
          summary: 'The products that come with the system, with the parameters each asks for',
          tags: ['hospitals'],
          params: OfHospital,
          response: { 200: Type.Object({ items: Type.Array(ProductView) }), ...problems },
        },
      },
      async () => ({
        items: products
          .shipped()
          .map((name) => productViewOf(name, products.read(products.text(name)))),
      }),
    )
    app.get(
      ROOT,
      {
        config: { access: [...access] },
        schema: {
          operationId: 'getOnboarding',
          summary: 'What is prepared for the hospital, what was tried of it, and what is lacking',
          tags: ['hospitals'],
          params: OfHospital,
          response: {
            200: Type.Object({
              draft: nullable(Shown),
              steps: Type.Array(Step),
              lacking: Type.Array(LackingView),
              running: nullable(ProgressView),
            }),
            ...problems,
          },
        },
      },
      async ({ params }) => {
        const hospitalId = params.hospitalId as HospitalId
        const draft = await onboarding.newest(hospitalId)
        if (draft === null) return { draft: null, steps: [], lacking: [], running: null }
        const steps = await onboarding.steps(hospitalId, draft.version)
        return {
          draft: draftViewOf(draft, products.read(draft.product)),
          steps: steps.map(stepViewOf),
          lacking: await onboarding.lacking(hospitalId, null),
          running: onboarding.conformanceProgress(hospitalId),
        }
      },
    )
  }

const contentRoutes =
  (onboarding: Onboarding): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { products } = onboarding
    app.post(
      ROOT,
      {
        config: { access: [...access] },
        schema: {
          operationId: 'saveOnboarding',
          summary: 'Keep another version; a secret that is left out stays as it was',
          tags: ['hospitals'],
          params: OfHospital,
          body: Type.Object({ ...CONTENT, after: After }, { additionalProperties: false }),
          response: { 200: Shown, ...problems },
        },
      },
      async (request) => {
        const { after, product, ...rest } = request.body
        const hospitalId = request.params.hospitalId as HospitalId
        const isShipped = products.shipped().includes(rest.productName)
        if (product === null && !isShipped) throw hospitalErrors.onboarding_product_unknown()
        const content = { ...rest, product: product ?? products.text(rest.productName) }
        const draft = await onboarding.save(hospitalId, content, after, requestActor(request))
        return draftViewOf(draft, products.read(draft.product))
      },
    )
    app.get(
      `${ROOT}/departments`,
      {
        config: { access: [...access] },
        schema: {
          operationId: 'listOnboardingDepartments',
          summary: 'Departments of the last probe, each with its 诊疗科目 or with proposals',
          tags: ['hospitals'],
          params: OfHospital,
          querystring: Type.Object({
            after: Type.Optional(Type.String({ maxLength: 30 })),
          }),
          response: {
            200: Type.Object({
              items: Type.Array(MappingView),
              next: nullable(Type.String()),
            }),
            ...problems,
          },
        },
      },
      async ({ params, query }) => {
        const all = await onboarding.mapping(params.hospitalId as HospitalId)
        const inOrder = all.toSorted((a, b) => (a.code < b.code ? -1 : 1))
        const rest = inOrder.filter(({ code }) => query.after === undefined || code > query.after)
        const items = rest.slice(0, MOST_DEPARTMENTS)
        return { items, next: rest.length > items.length ? (items.at(-1)?.code ?? null) : null }
      },
    )
  }

const fileRoutes =
  (onboarding: Onboarding): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      `${ROOT}/file`,
      {
        config: { access: [...access] },
        schema: {
          operationId: 'getOnboardingFile',
          summary: 'All of it as one file for review, without secrets, and the hash of that file',
          tags: ['hospitals'],
          params: OfHospital,
          response: {
            200: Type.Object({ version: Version, yaml: Type.String(), sha256: Type.String() }),
            ...problems,
          },
        },
      },
      ({ params }) => onboarding.file(params.hospitalId as HospitalId),
    )
    app.post(
      `${ROOT}/file`,
      {
        config: { access: [...access] },
        schema: {
          operationId: 'importOnboardingFile',
          summary: 'Keep such a file as another version; secrets are given beside it',
          tags: ['hospitals'],
          params: OfHospital,
          body: Type.Object(
            {
              yaml: Type.String({ minLength: 1, maxLength: 524_288 }),
              secrets: Texts,
              after: After,
            },
            { additionalProperties: false },
          ),
          response: { 200: Shown, ...problems },
        },
      },
      async (request) => {
        const hospitalId = request.params.hospitalId as HospitalId
        const actor = requestActor(request)
        const draft = await onboarding.importFile(hospitalId, request.body, actor)
        return draftViewOf(draft, onboarding.products.read(draft.product))
      },
    )
  }
