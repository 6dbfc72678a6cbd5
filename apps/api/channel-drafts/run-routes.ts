import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import { channelErrors, type DraftRunId } from '../../../modules/channels/index.ts'
import { requestActor } from '../../../platform/http/access.ts'
import { httpErrors } from '../../../platform/http/errors.ts'
import { problems } from '../../../platform/http/problem.ts'
import { countOf } from './bench-runner.ts'
import { DRAFTERS, DRAFTS, type DraftContext, idsOf, oneDraft } from './draft-parts.ts'
import { goLive } from './go-live.ts'
import { valuesFor } from './params.ts'
import { readDraft, usableDescriptor } from './read-draft.ts'
import {
  type DraftView,
  LiveWish,
  NewRun,
  OfCheck,
  OfDraft,
  OfRun,
  RunChecksView,
  type RunView,
  StepsView,
} from './schemas.ts'
import { viewOfCheck, viewOfRun } from './view.ts'

const Draft = Type.Unsafe<Type.Static<typeof DraftView>>(Type.Ref('ChannelDraft'))
const Run = Type.Unsafe<Type.Static<typeof RunView>>(Type.Ref('ChannelDraftRun'))
const RunChecks = Type.Unsafe<Type.Static<typeof RunChecksView>>(Type.Ref('ChannelDraftRunChecks'))
const Steps = Type.Unsafe<Type.Static<typeof StepsView>>(Type.Ref('ChannelDraftSteps'))

/** Trying a draft against a sandbox, and taking it live. */
export const runRoutes =
  (context: DraftContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(RunChecksView)
    app.addSchema(StepsView)
    await app.register(startRoutes(context))
    await app.register(readRoutes(context))
    await app.register(liveRoutes(context))
  }

const startRoutes =
  ({ hub: { channelDrafts }, outgoing, runner }: DraftContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      `${DRAFTS}/:id/runs`,
      {
        config: { access: DRAFTERS },
        schema: {
          operationId: 'startChannelDraftRun',
          summary: 'Try this version of a draft against a sandbox; it goes on after the answer',
          tags: ['channels'],
          params: OfDraft,
          body: NewRun,
          response: { 202: Run, ...problems },
        },
      },
      async (request, reply) => {
        const { hospitalId, id } = idsOf(request.params)
        const { version, kind, method, sandboxUrl } = request.body
        const why = outgoing.refusalOf(sandboxUrl)
        if (why !== null) throw channelErrors.draft_address_refused({ field: 'sandboxUrl', why })
        const opened = await channelDrafts.open(hospitalId, id)
        if (opened.draft.version !== version) throw channelErrors.draft_changed({ version })
        const descriptor = usableDescriptor(readDraft(opened))
        if (method !== undefined && !Object.hasOwn(descriptor.charge, method)) {
          throw httpErrors.invalid_request({ field: 'body/method', rule: 'enum' })
        }
        const wanted = {
          version,
          kind,
          sandboxUrl,
          method: method ?? null,
          count: countOf(kind),
        }
        const run = await channelDrafts.beginRun(hospitalId, id, wanted, requestActor(request))
        const params = valuesFor(descriptor, opened.params)
        runner.start({ hospitalId, run, descriptor, params })
        return reply.code(202).send(viewOfRun(run))
      },
    )
  }

const readRoutes =
  ({ hub: { channelDrafts } }: DraftContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      `${DRAFTS}/:id/runs/:runId`,
      {
        config: { access: DRAFTERS },
        schema: {
          operationId: 'getChannelDraftRun',
          summary: 'How a run goes: the checks that have ended',
          tags: ['channels'],
          params: OfRun,
          response: { 200: RunChecks, ...problems },
        },
      },
      async ({ params }) => {
        const { hospitalId, id } = idsOf(params)
        const found = await channelDrafts.run(hospitalId, id, params.runId as DraftRunId)
        return { run: viewOfRun(found.run), checks: found.checks.map(viewOfCheck) }
      },
    )

    app.get(
      `${DRAFTS}/:id/runs/:runId/checks/:position/steps`,
      {
        config: { access: DRAFTERS },
        schema: {
          operationId: 'getChannelDraftSteps',
          summary:
            'Every step of one check: what was made, signed, sent, received, proven and read',
          tags: ['channels'],
          params: OfCheck,
          response: { 200: Steps, ...problems },
        },
      },
      async ({ params }) => {
        const { position } = params
        const runId = params.runId as DraftRunId
        const { steps } = await channelDrafts.check({ ...idsOf(params), runId, position })
        return { steps: steps.map((step) => ({ ...step, fields: { ...step.fields } })) }
      },
    )
  }

const liveRoutes =
  ({ db, hub, outgoing }: DraftContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      `${DRAFTS}/:id/live`,
      {
        config: { access: DRAFTERS },
        schema: {
          operationId: 'takeChannelDraftLive',
          summary: 'Connect the hospital by this version, which has passed every check',
          tags: ['channels'],
          params: OfDraft,
          body: LiveWish,
          response: { 200: Draft, ...problems },
        },
      },
      async (request) => {
        const { version, acceptSpecimen = false } = request.body
        const actor = requestActor(request)
        const wish = { ...idsOf(request.params), version, acceptSpecimen, actor }
        await goLive({ ...hub, db }, outgoing, wish)
        return oneDraft(hub.channelDrafts, request.params)
      },
    )
  }
