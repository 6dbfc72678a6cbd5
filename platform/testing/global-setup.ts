import type { TestProject } from 'vitest/node'

import { migrate } from '../migrate.ts'
import { startTestPostgres } from '../postgres/index.ts'
import { administer } from './admin.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
  }
}

const TEMPLATE = 'yiqiao_template'

/** One real PostgreSQL for the whole run, with one migrated template that every test file copies. */
export default async function setup(project: TestProject) {
  const given = process.env.TEST_DATABASE_URL
  const server = given ? null : await startTestPostgres()
  const url = given ?? server?.url() ?? ''
  await administer(url, `drop database if exists ${TEMPLATE} with (force)`)
  await administer(url, `create database ${TEMPLATE}`)
  await migrate(Object.assign(new URL(url), { pathname: `/${TEMPLATE}` }).href)
  project.provide('postgresUrl', url)
  return async () => server?.cleanup()
}
