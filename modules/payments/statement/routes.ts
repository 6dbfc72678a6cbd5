import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'

import { businessDate } from '../../../kernel/time.ts'
import { principalOf } from '../../../platform/http/access.ts'
import { problems } from '../../../platform/http/problem.ts'
import { statementCsv } from './csv.ts'
import {
  CheckCodeQuery,
  PeriodQuery,
  StatementNumber,
  StatementView,
  VerificationView,
} from './schemas.ts'
import type { NumberedStatement, Statements } from './statements.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

/** What a person asks for to have it reimbursed, and what whoever reimburses it asks. */
export const statementRoutes =
  (statements: Statements): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addSchema(StatementView)
    app.addSchema(VerificationView)
    statementRoute(app, statements)
    csvRoute(app, statements)
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

function verificationRoute(app: App, statements: Statements): void {
  app.get(
    '/statements/:number/verification',
    {
      config: { access: ['public'] },
      schema: {
        operationId: 'verifyStatement',
        summary: 'Whether a statement is genuine: its period and totals, and nothing of the person',
        tags: ['payments'],
        params: StatementNumber,
        querystring: CheckCodeQuery,
        response: {
          200: Type.Unsafe<Type.Static<typeof VerificationView>>(Type.Ref('StatementVerification')),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      void reply.header('cache-control', 'no-store')
      const facts = statements.verify(request.params.number, request.query.code)
      const statement = facts && { ...facts, generatedAt: facts.generatedAt.toISOString() }
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
