import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import { nullable, Uuid } from '../../platform/http/schemas.ts'
import { maskName } from '../../platform/masks.ts'
import type { HisReportHead } from '../hospitals/index.ts'
import type { Access, OpenQuestion } from './access.ts'
import type { BreakGlass, Consent } from './consent.ts'
import type { Read } from './reading.ts'
import type { RecordSharing } from './record-sharing.ts'
import {
  AccessView,
  AlertView,
  ConsentsView,
  ConsentView,
  GlassView,
  QuestionView,
  ReadView,
} from './schemas.ts'

// What the routes of shared records have in common.

export type App = Parameters<FastifyPluginAsyncTypebox>[0]

export type RecordSharingRouteContext = {
  recordSharing: RecordSharing
  platform: { db: Db; clock: Clock; newId: NewId }
}

export const tags = ['records']

export const VIEWS = [
  ConsentView,
  ConsentsView,
  AccessView,
  AlertView,
  ReadView,
  GlassView,
  QuestionView,
]

const named = <View extends Type.TSchema>(_view: View, id: string) =>
  Type.Unsafe<Type.Static<View>>(Type.Ref(id))

export const ConsentRef = named(ConsentView, 'RecordConsent')
export const ConsentsRef = named(ConsentsView, 'RecordConsents')
export const AlertRef = named(AlertView, 'RecordAlert')
export const AccessRef = named(AccessView, 'RecordAccess')
export const ReadRef = named(ReadView, 'SharedRecords')
export const GlassRef = named(GlassView, 'BreakGlass')
export const QuestionRef = named(QuestionView, 'RecordQuestion')

export const pageOf = <T extends Type.TSchema>(schema: T) =>
  Type.Object({ items: Type.Array(schema), next: nullable(Uuid) })

export const viewOfConsent = (
  { personId: _person, givenAt, expiresAt, withdrawnAt, kinds, ...consent }: Consent,
  now: Date,
): Type.Static<typeof ConsentView> => ({
  ...consent,
  kinds: [...kinds],
  state: withdrawnAt ? 'withdrawn' : now < expiresAt ? 'in_force' : 'ended',
  givenAt: givenAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  withdrawnAt: withdrawnAt?.toISOString() ?? null,
})

export const viewOfAccess = ({
  personId: _person,
  reader: _reader,
  ground,
  at,
  question,
  ...access
}: Access): Type.Static<typeof AccessView> => ({
  ...access,
  allowed: ground.allowed,
  ground: ground.by,
  at: at.toISOString(),
  question: question && {
    askedAt: question.askedAt.toISOString(),
    answer: question.answer,
    answeredAt: question.answeredAt?.toISOString() ?? null,
  },
})

export function viewOfRead(read: Read): Type.Static<typeof ReadView> {
  const { personId, name, ground } = read
  const by = ground.allowed ? ground.by : 'own_hospital'
  const about = { personId, name, ground: by }
  if (read.kind === 'visit') {
    const visits = read.visits.map(({ startsAt, ...visit }) => ({
      ...visit,
      startsAt: startsAt.toISOString(),
    }))
    return { ...about, reports: [], report: null, visits }
  }
  const { heads, report } = read
  return {
    ...about,
    visits: [],
    reports: heads.map(viewOfHead),
    report: report && {
      head: viewOfHead(report.head),
      findings: report.findings.map((finding) => ({ ...finding })),
      conclusion: report.conclusion,
      reportedBy: report.reportedBy,
    },
  }
}

const viewOfHead = ({ reportNo, kind, name, orderedAt, status, readyAt }: HisReportHead) => ({
  reportNo,
  kind,
  name,
  orderedAt: orderedAt.toISOString(),
  status,
  readyAt: readyAt?.toISOString() ?? null,
})

export const viewOfGlass = ({
  personId: _person,
  holderId: _holder,
  openedBy: _opener,
  name,
  openedAt,
  until,
  dueAt,
  review,
  ...glass
}: BreakGlass & { name: string }): Type.Static<typeof GlassView> => ({
  ...glass,
  name: maskName(name),
  openedAt: openedAt.toISOString(),
  until: until.toISOString(),
  dueAt: dueAt.toISOString(),
  review: review && {
    verdict: review.verdict,
    note: review.note,
    reviewedAt: review.reviewedAt.toISOString(),
  },
})

export const viewOfQuestion = ({
  personId: _person,
  answeredBy: _answerer,
  name,
  askedAt,
  dueAt,
  answeredAt,
  access,
  ...question
}: OpenQuestion & { name: string; access: Access | null }): Type.Static<typeof QuestionView> => ({
  ...question,
  name: maskName(name),
  askedAt: askedAt.toISOString(),
  dueAt: dueAt.toISOString(),
  answeredAt: answeredAt?.toISOString() ?? null,
  access: access && viewOfAccess(access),
})
