import { createDecipheriv } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { seededRandom } from '../../../kernel/random.ts'
import { businessDate } from '../../../kernel/time.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { type BankOptions, type BankSimulator, startBank } from './index.ts'
import { mac } from './security.ts'

// Frames are put together here by hand, so that neither the bank's own wire nor the hub's is taken for the document.

const MERCHANT = '898510180620001'
const TERMINAL = 'T0000001'
const MASTER = Buffer.from('0123456789ABCDEFFEDCBA9876543210', 'hex')
const PAN = '6222021234567890'

let folder: string
let bank: BankSimulator
let socket: Socket
let received: Buffer[]
const { clock } = testPlatform('2026-11-20T10:00:00+08:00')

async function start(changes: Partial<BankOptions> = {}) {
  bank = await startBank({
    clock,
    random: seededRandom('bank'),
    faults: () => null,
    databaseFile: join(folder, 'bank.db'),
    port: 0,
    dialect: 'ascii128',
    mac: 'x9.19',
    merchantId: MERCHANT,
    terminals: [{ id: TERMINAL, masterKey: MASTER.toString('hex') }],
    cards: [{ pan: PAN, balanceFen: 100_000 }],
    dayFileFolder: folder,
    feePpm: 6_000,
    ...changes,
  })
  received = []
  socket = connect(bank.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => received.push(chunk))
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bank-'))
  await start()
})
afterEach(async () => {
  socket.destroy()
  await bank.stop()
  rmSync(folder, { recursive: true })
})

const bytes = (text: string) => Buffer.from(text, 'latin1')
const bitmap = (fields: number[]) => {
  const bits = Array.from({ length: 128 }, (_, i) =>
    i === 0 || fields.includes(i + 1) ? '1' : '0',
  )
  const octets = bits.join('').match(/.{8}/g) ?? []
  return Buffer.from(octets.map((octet) => Number.parseInt(octet, 2)))
}

/** Sends one frame and gives the next that comes; null when the bank closes instead. */
async function exchange(body: Buffer): Promise<Buffer | null> {
  received.length = 0
  socket.write(Buffer.concat([bytes(String(body.length).padStart(4, '0')), body]))
  for (;;) {
    const all = Buffer.concat(received)
    const length = Number(all.subarray(0, 4).toString())
    if (all.length > 4 && all.length >= length + 4) return all.subarray(4, 4 + length)
    if (socket.destroyed || socket.readableEnded) return null
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** 0800, and the MAC key of its answer. */
async function signIn(): Promise<Buffer> {
  const fields = `000001${TERMINAL}${MERCHANT}01100000001003004001 `
  const body = [bytes('0800'), bitmap([11, 41, 42, 60, 63]), bytes(fields)]
  const answer = await exchange(Buffer.concat(body))
  const keys = answer?.subarray(-40) ?? Buffer.alloc(40)
  const cipher = createDecipheriv(
    'des-ede3-ecb',
    Buffer.concat([MASTER, MASTER.subarray(0, 8)]),
    null,
  )
  return Buffer.concat([cipher.setAutoPadding(false).update(keys.subarray(20, 36)), cipher.final()])
}

const SALE_FIELDS = [2, 3, 4, 11, 22, 25, 41, 42, 49, 60, 128]

function sale(trace: string, amountFen: number, key: Buffer): Buffer {
  const amount = String(amountFen).padStart(12, '0')
  const text = `16${PAN}000000${amount}${trace}02200${TERMINAL}${MERCHANT}15601122000001000`
  const covered = Buffer.concat([bytes('0200'), bitmap(SALE_FIELDS), bytes(text)])
  return Buffer.concat([covered, Buffer.from(mac('x9.19', key, covered), 'hex')])
}

function reversal(trace: string, amountFen: number, key: Buffer): Buffer {
  const amount = String(amountFen).padStart(12, '0')
  const text = `000000${amount}${trace}0098${TERMINAL}${MERCHANT}15601122000001000`
  const fields = [3, 4, 11, 25, 39, 41, 42, 49, 60, 128]
  const covered = Buffer.concat([bytes('0400'), bitmap(fields), bytes(text)])
  return Buffer.concat([covered, Buffer.from(mac('x9.19', key, covered), 'hex')])
}

/** F39 stands before the terminal. */
const codeOf = (answer: Buffer | null) =>
  new RegExp(`(..)${TERMINAL}`).exec(answer?.toString('latin1') ?? '')?.[1]

describe('the bank', () => {
  it('takes a sale once, refuses its number again, and takes it back once', async () => {
    const key = await signIn()
    expect(codeOf(await exchange(sale('000002', 40_000, key)))).toBe('00')
    expect(codeOf(await exchange(sale('000002', 40_000, key)))).toBe('94')
    expect(bank.balanceOf(PAN)).toBe(60_000)
    expect(codeOf(await exchange(sale('000003', 60_001, key)))).toBe('51')
    expect(codeOf(await exchange(reversal('000002', 40_000, key)))).toBe('00')
    expect(codeOf(await exchange(reversal('000002', 40_000, key)))).toBe('00')
    expect(codeOf(await exchange(reversal('000003', 60_001, key)))).toBe('25')
    expect(bank.balanceOf(PAN)).toBe(100_000)
    expect(bank.checkBooks()).toEqual([])
  })

  it('books nothing of a sale that comes after its own reversal', async () => {
    const key = await signIn()
    expect(codeOf(await exchange(reversal('000002', 500, key)))).toBe('25')
    expect(codeOf(await exchange(sale('000002', 500, key)))).toBe('94')
    expect(bank.balanceOf(PAN)).toBe(100_000)
  })

  it('wants a sign-in first, and then the right MAC', async () => {
    expect(codeOf(await exchange(sale('000002', 100, Buffer.alloc(16))))).toBe('77')
    const key = await signIn()
    const changed = sale('000002', 100, key)
    changed[50] = (changed[50] ?? 0) ^ 1
    expect(codeOf(await exchange(changed))).toBe('A0')
    const newer = await signIn()
    expect(codeOf(await exchange(sale('000002', 100, key)))).toBe('A0')
    expect(codeOf(await exchange(sale('000002', 100, newer)))).toBe('00')
    expect(bank.moves()).toHaveLength(1)
  })

  it('keeps its books and keys over a restart, and has another number for the next', async () => {
    const key = await signIn()
    await exchange(sale('000002', 100, key))
    socket.destroy()
    await bank.stop()
    await start()
    expect(bank.balanceOf(PAN)).toBe(99_900)
    expect(codeOf(await exchange(sale('000002', 100, key)))).toBe('94')
    expect(codeOf(await exchange(sale('000003', 100, key)))).toBe('00')
    expect(bank.checkBooks()).toEqual([])
  })

  it('writes the file of its day, with what stands and its fees', async () => {
    const key = await signIn()
    await exchange(sale('000002', 10_000, key))
    await exchange(sale('000003', 20_000, key))
    await exchange(reversal('000003', 20_000, key))
    const name = bank.writeDayFile(businessDate('2026-11-20'))
    expect(readdirSync(folder)).toContain(name)
    expect(readFileSync(join(folder, name), 'latin1').split('\r\n')).toEqual([
      `H${MERCHANT}20261120`,
      `D${TERMINAL}00000100000220261120100000112000000001` +
        '01000000010000000000000060622202******7890   ',
      'T00000001000000000100000000000000000000000000000060',
      '',
    ])
  })

  it.each([
    ['no length', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a frame too long', Buffer.from('9999')],
    ['a frame of nothing', Buffer.from('0000')],
    ['a frame of chance', Buffer.concat([bytes('0064'), Buffer.alloc(64, 0xff)])],
    [
      'a message cut off',
      Buffer.concat([bytes('0024'), bytes('0200'), bitmap([2]), bytes('1662')]),
    ],
  ])('closes a line on which it hears %s, and serves the others', async (_what, noise) => {
    const other = connect(bank.port, '127.0.0.1')
    other.on('error', () => undefined)
    const closed = new Promise((resolve) => other.once('close', resolve))
    other.write(noise)
    await closed
    expect(await signIn()).toHaveLength(16)
  })
})
