import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import { checkDescriptor, DescriptorSchema } from '../../../adapters/channels/declarative/index.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { channelErrors } from '../../../modules/channels/index.ts'
import type { Platform } from '../../../platform/context.ts'
import { requestActor } from '../../../platform/http/access.ts'
import { problems } from '../../../platform/http/problem.ts'
import { createOutgoing } from '../../hub/outgoing.ts'
import { createBenchRunner } from './bench-runner.ts'
import { DRAFTERS, DRAFTS, type DraftContext, idsOf, oneDraft } from './draft-parts.ts'
import { withEntered } from './params.ts'
import { draftFrom, readDraft, templates, textOf } from './read-draft.ts'
import { runRoutes } from './run-routes.ts'
import {
  CheckedText,
  DraftSummary,
  DraftView,
  NewDraft,
  NewParams,
  NewText,
  OfDraft,
  OfHospital,
  ProblemView,
  RunView,
  TemplateView,
} from './schemas.ts'
import { viewOfDraft, viewOfSummary } from './view.ts'

const Draft = Type.Unsafe<Type.Static<typeof DraftView>>(Type.Ref('ChannelDraft'))
const Summary = Type.Unsafe<Type.Static<typeof DraftSummary>>(Type.Ref('ChannelDraftSummary'))
const Problem = Type.Unsafe<Type.Static<typeof ProblemView>>(Type.Ref('DescriptorProblem'))
const Template = Type.Unsafe<Type.Static<typeof TemplateView>>(Type.Ref('ChannelTemplate'))

/**
 * A channel without code, from a template to the hospital's payments. In a demo sandboxes on this very machine may be
 * called; elsewhere only the open internet.
 */
export const channelDraftRoutes =
  (
    hub: DraftContext['hub'],
    { db, clock, random }: Pick<Platform, 'db' | 'clock' | 'random'>,
    { isDemo }: { isDemo: boolean },
  ): FastifyPluginAsyncTypebox =>
  async (app) => {
    const outgoing = createOutgoing({ allowLoopback: isDemo })
    const drafts = hub.channelDrafts
    const onError = (error: unknown) => app.log.error({ err: error }, 'a run of the bench failed')
    const runner = createBenchRunner({ clock, random, drafts, outgoing, onError })
    app.addHook('onClose', async () => {
      await runner.stop()
      await outgoing.close()
    })
    for (const view of [ProblemView, TemplateView, RunView, DraftSummary, DraftView]) {
      app.addSchema(view)
    }
    const context = { db, hub, outgoing, runner }
    await app.register(beginRoutes)
    await app.register(draftRoutes(context))
    await app.register(changeRoutes(context))
    await app.register(paramsRoutes(context))
    await app.register(runRoutes(context))
  }

/** What a form is made of, and what can be begun from. */
const beginRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/channel-templates',
    {
      config: { access: DRAFTERS },
      schema: {
        operationId: 'listChannelTemplates',
        summary: 'Descriptors that a new channel can be begun from',
        tags: ['channels'],
        response: { 200: Type.Object({ items: Type.Array(Template) }), ...problems },
      },
    },
    async () => ({ items: templates() }),
  )

  app.get(
    '/channel-descriptor-schema',
    {
      config: { access: DRAFTERS },
      schema: {
        operationId: 'getChannelDescriptorSchema',
        summary: 'The form of a descriptor, as JSON Schema',
        tags: ['channels'],
        response: {
          200: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
          ...problems,
        },
      },
    },
    async () => JSON.parse(JSON.stringify(DescriptorSchema)) as Record<string, unknown>,
  )

  app.post(
    `${DRAFTS}/check`,
    {
      config: { access: DRAFTERS },
      schema: {
        operationId: 'checkChannelDescriptor',
        summary: 'What is wrong with a descriptor, field by field; nothing is kept',
        tags: ['channels'],
        params: OfHospital,
        body: CheckedText,
        response: { 200: Type.Object({ problems: Type.Array(Problem) }), ...problems },
      },
    },
    async ({ body }) => ({ problems: checkDescriptor(body.descriptor) }),
  )
}

const draftRoutes =
  ({ hub: { channelDrafts } }: DraftContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      DRAFTS,
      {
        config: { access: DRAFTERS },
        schema: {
          operationId: 'listChannelDrafts',
          summary: 'Channels that are being described, the newest change first',
          tags: ['channels'],
          params: OfHospital,
          response: { 200: Type.Object({ items: Type.Array(Summary) }), ...problems },
        },
      },
      async ({ params }) => {
        const drafts = await channelDrafts.list(params.hospitalId as HospitalId)
        return { items: drafts.map(viewOfSummary) }
      },
    )

    app.post(
      DRAFTS,
      {
        config: { access: DRAFTERS },
        schema: {
          operationId: 'createChannelDraft',
          summary: 'Begin a channel from a template',
          tags: ['channels'],
          params: OfHospital,
          body: NewDraft,
          response: { 201: Draft, ...problems },
        },
      },
      async (request, reply) => {
        const hospitalId = request.params.hospitalId as HospitalId
        const { template, name } = request.body
        const text = draftFrom(template, name ?? null)
        const id = await channelDrafts.create(hospitalId, text, requestActor(request))
        return reply
          .code(201)
          .send(viewOfDraft(readDraft(await channelDrafts.open(hospitalId, id))))
      },
    )

    app.get(
      `${DRAFTS}/:id`,
      {
        config: { access: DRAFTERS },
        schema: {
          operationId: 'getChannelDraft',
          summary: 'One draft: its text, its parameters without the secrets, and how it stands',
          tags: ['channels'],
          params: OfDraft,
          response: { 200: Draft, ...problems },
        },
      },
      async ({ params }) => oneDraft(channelDrafts, params),
    )
  }

const changeRoutes =
  ({ hub: { channelDrafts } }: DraftContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.put(
      `${DRAFTS}/:id`,
      {
        config: { access: DRAFTERS },
        schema: {
          operationId: 'saveChannelDraft',
          summary: 'Put a text in place of that of the version it was made from',
          tags: ['channels'],
          params: OfDraft,
          body: NewText,
          response: { 200: Draft, ...problems },
        },
      },
      async (request) => {
        const { hospitalId, id } = idsOf(request.params)
        const { from, descriptor } = request.body
        const { draft } = await channelDrafts.open(hospitalId, id)
        const text = textOf(descriptor, draft)
        await channelDrafts.change(hospitalId, id, { from, text }, requestActor(request))
        return oneDraft(channelDrafts, request.params)
      },
    )

    app.delete(
      `${DRAFTS}/:id`,
      {
        config: { access: DRAFTERS },
        schema: {
          operationId: 'removeChannelDraft',
          summary: 'Throw a draft away; a channel that it became stays',
          tags: ['channels'],
          params: OfDraft,
          response: { 204: Type.Null(), ...problems },
        },
      },
      async (request, reply) => {
        const { hospitalId, id } = idsOf(request.params)
        await channelDrafts.remove(hospitalId, id, requestActor(request))
        return reply.code(204).send(null)
      },
    )
  }

const paramsRoutes =
  ({ hub: { channelDrafts } }: DraftContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.put(
      `${DRAFTS}/:id/params`,
      {
        config: { access: DRAFTERS },
        schema: {
          operationId: 'saveChannelDraftParams',
          summary: 'Fill in parameters; secrets are sealed and never given out again',
          tags: ['channels'],
          params: OfDraft,
          body: NewParams,
          response: { 200: Draft, ...problems },
        },
      },
      async (request) => {
        const { hospitalId, id } = idsOf(request.params)
        const { from, values } = request.body
        const opened = await channelDrafts.open(hospitalId, id)
        if (opened.draft.version !== from) throw channelErrors.draft_changed({ version: from })
        const { descriptor, problems: wrong } = readDraft(opened)
        if (descriptor === null) {
          const pointer = wrong[0]?.pointer ?? ''
          throw channelErrors.draft_has_problems({ count: wrong.length, pointer })
        }
        const change = {
          from,
          params: (kept: Parameters<typeof withEntered>[1]) =>
            withEntered(descriptor, kept, values),
        }
        await channelDrafts.change(hospitalId, id, change, requestActor(request))
        return oneDraft(channelDrafts, request.params)
      },
    )
  }
