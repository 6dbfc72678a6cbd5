import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'

import { businessDate } from '../../../kernel/time.ts'
import { principalOf } from '../../../platform/http/access.ts'
import { problems } from '../../../platform/http/problem.ts'
import { statementCsv } from './csv.ts'
import { MOST_PAGES, statementPdf } from './pdf.ts'
import {
  PaperToVerify,
  PeriodQuery,
  StatementNumber,
  StatementView,
  VerificationView,
} from './schemas.ts'
import type { NumberedStatement, Statements } from './statements.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

/** `publicUrl` is where people reach the web apps: a statement on paper says where it is verified. */
type StatementOptions = { publicUrl: string }

/** What a person asks for to have it reimbursed, and what whoever reimburses it asks. */
export const statementRoutes =
  (statements: Statements, options: StatementOptions): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(StatementView)
    app.addSchema(VerificationView)
    statementRoute(app, statements)
    csvRoute(app, statements)
    pdfRoute(app, statements, options)
    verificationRoute(app, statements)
  }

function statementRoute(app: App, statements: Statements): void {
  app.get(
    '/me/statement',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'getStatement',
        summary: 'Everything a person paid in a period, at all hospitals, with its receipts',
        tags: ['payments'],
        querystring: PeriodQuery,
        response: {
          200: Type.Unsafe<Type.Static<typeof StatementView>>(Type.Ref('Statement')),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      void reply.header('cache-control', 'no-store')
      return viewOf(await ownStatement(request, request.query, statements))
    },
  )
}

function csvRoute(app: App, statements: Statements): void {
  app.get(
    '/me/statement.csv',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'getStatementCsv',
        summary: 'The same as a table: a row for each bill, and for each refund',
        tags: ['payments'],
        querystring: PeriodQuery,
        response: {
          200: { content: { 'text/csv': { schema: Type.String() } } },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { from, to, items } = await ownStatement(request, request.query, statements)
      void reply
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="statement-${from}-${to}.csv"`)
        .type('text/csv; charset=utf-8')
      return statementCsv(items)
    },
  )
}

function pdfRoute(app: App, statements: Statements, { publicUrl }: StatementOptions): void {
  const verifyAddress = new URL('/patient/verify', publicUrl).href
  app.get(
    '/me/statement.pdf',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'getStatementPdf',
        summary: `The same as a document to hand in, of at most ${MOST_PAGES} pages`,
        tags: ['payments'],
        querystring: PeriodQuery,
        response: {
          200: { content: { 'application/pdf': { schema: Document } } },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const statement = await ownStatement(request, request.query, statements)
      const file = await statementPdf(statement, verifyAddress)
      const name = `statement-${statement.from}-${statement.to}.pdf`
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="${name}"`)
        .type('application/pdf')
        .send(file)
    },
  )
}

const Document = Type.Unsafe<Buffer>(Type.String({ format: 'binary' }))

function verificationRoute(app: App, statements: Statements): void {
  app.post(
    '/statements/:number/verification',
    {
      config: { access: ['public'] },
      schema: {
        operationId: 'verifyStatement',
        summary: 'Whether a statement is genuine and of this name: its period and totals',
        tags: ['payments'],
        params: StatementNumber,
        body: PaperToVerify,
        response: {
          200: Type.Unsafe<Type.Static<typeof VerificationView>>(Type.Ref('StatementVerification')),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      void reply.header('cache-control', 'no-store')
      const facts = statements.verify(request.params.number, request.body)
      const statement = facts && {
        ...facts,
        idEnds: facts.idEnds ?? null,
        generatedAt: facts.generatedAt.toISOString(),
      }
      return { valid: statement !== null, statement }
    },
  )
}

/** The days are days of the calendar: the schema has seen to it. */
const ownStatement = (
  request: FastifyRequest,
  { from, to }: { from: string; to: string },
  statements: Statements,
): Promise<NumberedStatement> =>
  statements.statementOfPerson(principalOf(request, 'person').personId, {
    from: businessDate(from),
    to: businessDate(to),
  })

const viewOf = ({ items, generatedAt, ...statement }: NumberedStatement) => ({
  ...statement,
  generatedAt: generatedAt.toISOString(),
  items: items.map(({ paidAt, refunds, ...item }) => ({
    ...item,
    paidAt: paidAt.toISOString(),
    refunds: refunds.map(({ at, ...refund }) => ({ ...refund, at: at.toISOString() })),
  })),
})
