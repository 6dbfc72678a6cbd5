import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { startChild } from './child.ts'

it('tells why the api did not start', { timeout: 90_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'yiqiao-child-'))
  const somebody = createServer().listen(0, '127.0.0.1')
  await once(somebody, 'listening')
  const { port } = somebody.address() as AddressInfo
  const nowhere = 'postgres://nobody@127.0.0.1:1/nothing'
  const env = {
    YIQIAO_PROFILE: 'demo',
    YIQIAO_PORT: String(port),
    YIQIAO_LOG_LEVEL: 'warn',
    YIQIAO_MASTER_KEY: '01'.repeat(32),
    DATABASE_URL: nowhere,
    APP_DATABASE_URL: nowhere,
  }
  const logFile = join(folder, 'api.log')
  await expect(
    startChild({ name: 'api', script: 'apps/api/main.ts', env, logFile }),
  ).rejects.toThrow(`address already in use 127.0.0.1:${port}`)
  somebody.close()
  await rm(folder, { recursive: true, force: true })
})
