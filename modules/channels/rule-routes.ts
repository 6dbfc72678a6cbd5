import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { inHospital } from '../../platform/db.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import type { Device } from './channel.ts'
import { problemsOfRules, withDefaults } from './check-rules.ts'
import type { PayerFacts, Wish } from './choose.ts'
import { channelErrors } from './errors.ts'
import { NOTHING_KNOWN } from './payers-choice.ts'
import { findRules, listChannels } from './registry-store.ts'
import { CHANNELS, EDITORS, READERS, type RouteContext } from './route-parts.ts'
import {
  ChoicesView,
  NewRules,
  OffersView,
  PayersWish,
  RulesView,
  TrialWish,
} from './rule-schemas.ts'
import { OfHospital } from './schemas.ts'
import { rulesOf, viewOfChoices, viewOfRules } from './view.ts'

const KeptRules = Type.Unsafe<Type.Static<typeof RulesView>>(Type.Ref('ChannelRules'))
const Choices = Type.Unsafe<Type.Static<typeof ChoicesView>>(Type.Ref('ChannelChoices'))

/** By which rules a channel is chosen, and what they choose. */
export const ruleRoutes =
  (context: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(RulesView)
    app.addSchema(ChoicesView)
    await app.register(keepRoutes(context))
    await app.register(trialRoutes(context))
    await app.register(offerRoutes(context))
  }

const keepRoutes =
  ({ db, channels }: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    const read = (hospitalId: HospitalId) =>
      inHospital(db, hospitalId, async (tx) => {
        const kept = await findRules(tx, hospitalId)
        const nobodys = { version: 0, updatedBy: null, updatedAt: null }
        return viewOfRules({ ...nobodys, ...kept, rules: withDefaults(kept?.rules ?? {}) })
      })

    app.get(
      `${CHANNELS}/rules`,
      {
        config: { access: READERS },
        schema: {
          operationId: 'getChannelRules',
          summary: 'By which rules a channel is chosen',
          tags: ['channels'],
          params: OfHospital,
          response: { 200: KeptRules, ...problems },
        },
      },
      async ({ params }) => read(params.hospitalId as HospitalId),
    )

    app.put(
      `${CHANNELS}/rules`,
      {
        config: { access: EDITORS },
        schema: {
          operationId: 'saveChannelRules',
          summary: 'Put rules in place of those of the version that they were made from',
          tags: ['channels'],
          params: OfHospital,
          body: NewRules,
          response: { 200: KeptRules, ...problems },
        },
      },
      async (request) => {
        const hospitalId = request.params.hospitalId as HospitalId
        const { version, rules } = request.body
        await channels.saveRules(hospitalId, rulesOf(rules), version, requestActor(request))
        return read(hospitalId)
      },
    )
  }

const trialRoutes =
  ({ db, channels }: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      `${CHANNELS}/dry-run`,
      {
        config: { access: READERS },
        schema: {
          operationId: 'tryChannelRules',
          summary: 'What would be chosen for such a payment, by the rules as they are or by others',
          tags: ['channels'],
          params: OfHospital,
          body: TrialWish,
          response: { 200: Choices, ...problems },
        },
      },
      async ({ params, body }) => {
        const hospitalId = params.hospitalId as HospitalId
        const rules = body.rules && rulesOf(body.rules)
        if (rules) {
          const known = await inHospital(db, hospitalId, (tx) => listChannels(tx, hospitalId))
          const [problem] = problemsOfRules(rules, new Set(known.map(({ name }) => name)))
          if (problem) throw channelErrors.rules_invalid(problem)
        }
        const payer = { ...body.payer, devices: body.payer.devices as Device[] | null }
        const choices = await channels.choose(hospitalId, wishOf(body, payer), {
          ...(rules ? { rules } : {}),
          ...(body.at === undefined ? {} : { now: new Date(body.at) }),
        })
        return viewOfChoices(choices)
      },
    )
  }

const offerRoutes =
  ({ db, channels, payerFactsOf }: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      `${CHANNELS}/offers`,
      {
        config: { access: ['person'] },
        schema: {
          operationId: 'listChannelOffers',
          summary: 'Ways to pay that suit the payer, the best first, each with why',
          tags: ['channels'],
          params: OfHospital,
          body: PayersWish,
          response: { 200: OffersView, ...problems },
        },
      },
      async (request) => {
        const hospitalId = request.params.hospitalId as HospitalId
        const { personId } = principalOf(request, 'person')
        const facts = (await payerFactsOf?.(hospitalId, personId)) ?? NOTHING_KNOWN
        const payer = { ...facts, devices: request.body.devices as Device[] | null }
        const { ranked } = await channels.choose(hospitalId, wishOf(request.body, payer))
        const known = await inHospital(db, hospitalId, (tx) => listChannels(tx, hospitalId))
        const titles = new Map(known.map(({ name, title }) => [name, title]))
        return {
          items: ranked.map(({ channel, method, reasons }) => ({
            channel,
            title: titles.get(channel) ?? { zh: channel, en: channel },
            method,
            reasons,
          })),
        }
      },
    )
  }

const wishOf = (
  { amountFen, scene, department, method }: Omit<Type.Static<typeof PayersWish>, 'devices'>,
  payer: PayerFacts,
): Wish => ({ paymentId: null, amountFen: fen(amountFen), scene, department, method, payer })
