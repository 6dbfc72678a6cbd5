import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import { assert } from '../../../../kernel/assert.ts'
import { fen } from '../../../../kernel/money.ts'
import { seededRandom } from '../../../../kernel/random.ts'
import { addMs, type Clock } from '../../../../kernel/time.ts'
import { noFaults } from '../../kit/simulator.ts'
import { type AlipayOptions, type AlipaySimulator, startAlipay } from '../index.ts'

// What the tests stand on: keys made by another program, a merchant's server for notices, and a clock moved by hand.

export const APP_ID = '2021000000000001'
export const SELLER_ID = '2088021109625633'
export const BUYER_ID = '2088102146225135'
export const POOR_BUYER_ID = '2088102146225136'
export const CONTENT_KEY = 'aa4BtZ4tspm2wnXLb1ThQA=='

export type TestClock = Clock & { advance(ms: number): void; set(instant: Date): void }

/** A saturday morning; every test may begin elsewhere. */
export const START = '2026-11-21T09:30:00+08:00'

export function testClock(start = START, onChange: (now: Date) => void = () => {}): TestClock {
  let now = new Date(start)
  onChange(now)
  const set = (instant: Date) => {
    now = instant
    onChange(now)
  }
  return { now: () => now, set, advance: (ms) => set(addMs(now, ms)) }
}

export type KeyPair = { privateKeyPem: string; publicKeyPem: string; certificatePem: string }

/** A key with a certificate, by openssl. The subject is in the order in which certificates hold it. */
export function makeKeyPair(dir: string, name: string): KeyPair {
  const [key, certificate] = [join(dir, `${name}.key`), join(dir, `${name}.pem`)]
  const subject = `/C=CN/O=Ant Financial/OU=Certification Authority/CN=${name} Class 2 R1`
  const to = ['-keyout', key, '-out', certificate, '-days', '3650', '-subj', subject]
  const run = (args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' }).toString()
  run(['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...to])
  return {
    privateKeyPem: readFileSync(key, 'utf8'),
    publicKeyPem: run(['x509', '-in', certificate, '-noout', '-pubkey']),
    certificatePem: readFileSync(certificate, 'utf8'),
  }
}

export const testOptions = (
  keys: { app: KeyPair; platform: KeyPair; root: KeyPair },
  options: Partial<AlipayOptions> & { byCertificate?: boolean } = {},
): AlipayOptions => {
  const { byCertificate = false, ...rest } = options
  return {
    clock: testClock(),
    random: seededRandom('alipay tests'),
    faults: noFaults,
    databaseFile: ':memory:',
    port: 0,
    apps: [
      {
        appId: APP_ID,
        sellerId: SELLER_ID,
        name: '市立医院',
        appPublicKeyPem: byCertificate ? keys.app.certificatePem : keys.app.publicKeyPem,
        contentKey: CONTENT_KEY,
        feePpm: 6_000,
      },
    ],
    platform: {
      privateKeyPem: keys.platform.privateKeyPem,
      certificatePem: keys.platform.certificatePem,
      rootCertificatePem: keys.root.certificatePem,
    },
    wallets: [wallet(BUYER_ID, '王芳', 100_000_000), wallet(POOR_BUYER_ID, '李强', 100)],
    ...rest,
  }
}

const wallet = (buyerId: string, name: string, balance: number) => ({
  buyerId,
  openId: `open-${buyerId}`,
  logonId: '138****0001',
  name,
  balanceFen: fen(balance),
})

/** A simulator that holds its books against themselves when it is stopped, and throws if they are wrong. */
export async function startChecked(options: AlipayOptions): Promise<AlipaySimulator> {
  const simulator = await startAlipay(options)
  let isStopped = false
  return {
    ...simulator,
    async stop() {
      if (isStopped) return
      isStopped = true
      const violations = simulator.checkBooks()
      await simulator.stop()
      assert(violations.length === 0, violations.join('; '))
    },
  }
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>

/** The merchant's server for notices. `answer` says what it does with the next ones. */
export async function startReceiver() {
  const receiver = {
    url: '',
    received: [] as Record<string, string>[],
    answer: 'success',
    stop: () => {
      server.closeAllConnections()
      return new Promise<void>((done) => void server.close(() => done()))
    },
  }
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
      receiver.received.push(Object.fromEntries(form))
      response.writeHead(200).end(receiver.answer)
    })
  })
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready))
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return receiver
}
