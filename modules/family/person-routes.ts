import Type from 'typebox'

import { fen } from '../../kernel/money.ts'
import { principalOf } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import type { Family } from './family.ts'
import type { LinkId } from './link.ts'
import { type App, LinkRef, LinksPage, tags, viewOf } from './route-parts.ts'
import { AskBody, MemberDecisionBody, OfId, PageQuery, TextView } from './schemas.ts'

const config = { access: ['person'] } as const

/** 家人代办: for whom I act, and who acts for me. */
export function personRoutes(app: App, family: Family): void {
  textRoute(app, family)
  for (const list of LISTS) listRoute(app, family, list)
  askRoute(app, family)
  decideRoute(app, family)
  endRoute(app, family)
}

function textRoute(app: App, family: Family): void {
  app.get(
    '/family-consent-text',
    {
      config,
      schema: {
        operationId: 'getFamilyConsentText',
        summary: 'What carer and member agree to',
        tags,
        response: { 200: TextView, ...problems },
      },
    },
    async () => {
      const text = await family.textInForce()
      return { text: text && { version: text.version, zh: text.zh, en: text.en } }
    },
  )
}

const LISTS = [
  {
    path: '/my-family-members',
    as: 'carer',
    operationId: 'listMyFamilyMembers',
    summary: 'For whom I act or asked to act, the newest first, ended ones included',
  },
  {
    path: '/my-carers',
    as: 'member',
    operationId: 'listMyCarers',
    summary: 'Who acts or asks to act for me, the newest first, ended ones included',
  },
] as const

function listRoute(
  app: App,
  family: Family,
  { path, as, operationId, summary }: (typeof LISTS)[number],
): void {
  app.get(
    path,
    {
      config,
      schema: {
        operationId,
        summary,
        tags,
        querystring: PageQuery,
        response: { 200: LinksPage, ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      const { after, limit } = request.query
      const page = { after: after as LinkId | undefined, limit }
      const { items, next } = await family.linksOf(personId, as, page)
      return { items: items.map((link) => viewOf(link, as)), next }
    },
  )
}

function askRoute(app: App, family: Family): void {
  app.post(
    '/my-family-members',
    {
      config,
      schema: {
        operationId: 'askToActFor',
        summary: 'Ask to act for somebody: they agree on their phone, or a desk sees documents',
        description: 'Asked again while it waits or stands it is family.asked_already.',
        tags,
        body: AskBody,
        response: { 201: LinkRef, ...problems },
      },
    },
    async (request, reply) => {
      const { personId } = principalOf(request, 'person')
      const { name, idKind, idNumber, mostFen, expiresAt, ...wish } = request.body
      const link = await family.ask({
        ...wish,
        carerId: personId,
        member: { name, idKind, idNumber },
        mostFen: mostFen === null ? null : fen(mostFen),
        expiresAt: new Date(expiresAt),
      })
      const [named] = await family.named([link])
      return reply.code(201).send(viewOf(named ?? { ...link, ...UNNAMED }, 'carer'))
    },
  )
}

const UNNAMED = { standing: 'waiting', carerName: '', memberName: '' } as const

function decideRoute(app: App, family: Family): void {
  app.post(
    '/my-carers/:id/decision',
    {
      config,
      schema: {
        operationId: 'decideOnCarer',
        summary: 'Let somebody act for me, or do not',
        tags,
        params: OfId,
        body: MemberDecisionBody,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { personId } = principalOf(request, 'person')
      const id = request.params.id as LinkId
      await family.decideAsMember({ memberId: personId, id }, request.body)
      return reply.code(204).send(null)
    },
  )
}

function endRoute(app: App, family: Family): void {
  app.post(
    '/my-family-links/:id/end',
    {
      config,
      schema: {
        operationId: 'endFamilyLink',
        summary: 'End it, as carer or as member: from now on nothing is done by it',
        tags,
        params: OfId,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { personId } = principalOf(request, 'person')
      await family.endByPerson(personId, request.params.id as LinkId)
      return reply.code(204).send(null)
    },
  )
}
