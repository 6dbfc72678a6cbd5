import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { expect, it } from 'vitest'

import type { Bill } from './index.ts'
import {
  call,
  codeOf,
  firstDepartment,
  newDatabaseFile,
  simpleBill,
  startTestHis,
  TestClock,
  testOptions,
  writeBackOf,
} from './testing.ts'

const clock = new TestClock()

it('goes on with bills, numbers, answers and locks where it stopped', async () => {
  const databaseFile = newDatabaseFile()
  const first = await startTestHis(clock, { databaseFile })
  const bill = simpleBill(first)
  const write = writeBackOf(bill, 'P-1', clock)
  const refund = {
    refundNo: 'R-1',
    paymentNo: 'P-1',
    billNo: bill.billNo,
    lines: [{ lineNo: 1 }],
    amountFen: bill.items[0]?.amountFen,
    reason: '退药',
  }
  const written = await call(first, clock, 'bills.writeBack', write)
  const approved = await call(first, clock, 'refunds.approve', refund)
  const bills = first.bills({})
  await first.stop()

  const second = await startTestHis(clock, { databaseFile })
  expect(second.bills({})).toEqual(bills)
  expect(await call(second, clock, 'bills.writeBack', write)).toEqual(written)
  expect(await call(second, clock, 'refunds.approve', refund)).toEqual(approved)
  expect(() => second.dispense(bill.billNo, [1])).toThrow('his.line_locked')
  expect(simpleBill(second).billNo).toBe('ZD0120261121000002')
  expect(second.checkBooks()).toEqual([])
  await second.stop()
})

it('opens its file although a killed process left the lock behind', async () => {
  const databaseFile = newDatabaseFile()
  const first = await startTestHis(clock, { databaseFile })
  simpleBill(first)
  await first.stop()
  mkdirSync(`${databaseFile}.lock`)
  const second = await startTestHis(clock, { databaseFile })
  expect(second.bills({})).toHaveLength(1)
  await second.stop()
  const fileLock = newDatabaseFile()
  writeFileSync(`${fileLock}.lock`, '')
  await (await startTestHis(clock, { databaseFile: fileLock })).stop()
})

it('loses nothing it had done, and keeps no half, when it is killed in the midst of it', async () => {
  const databaseFile = newDatabaseFile()
  let told = 0
  for (const round of [1, 2, 3]) {
    // The child makes bills as fast as it can and names each only once it is made.
    told = await killedAfter(databaseFile, 40 * round)
    const his = await startTestHis(clock, { databaseFile })
    const bills = his.bills({})
    const made = Number(bills.at(-1)?.billNo.slice(-6))
    expect(made).toBe(bills.length)
    expect(bills.length).toBeGreaterThanOrEqual(told)
    expect(bills.every(isWhole)).toBe(true)
    expect(his.checkBooks()).toEqual([])
    expect(simpleBill(his).billNo).toBe(`ZD0120261121${String(made + 1).padStart(6, '0')}`)
    await his.stop()
  }
  expect(told).toBeGreaterThanOrEqual(120)
  expect(existsSync(`${databaseFile}.lock`)).toBe(false)
}, 60_000)

const isWhole = ({ items }: Bill) => items.length === 3

/** Starts a process that makes bills, kills it once it has told of so many, and says of how many. */
async function killedAfter(databaseFile: string, bills: number): Promise<number> {
  const root = join(import.meta.dirname, '../../..')
  const items = [1, 2, 3].map((quantity) => ({ code: codeOf('血脂四项'), quantity }))
  const { clock: _clock, random: _random, faults: _faults, ...options } = testOptions(clock)
  const code = `
    import { seededRandom } from '${root}/kernel/random.ts'
    import { noFaults } from '${root}/apps/simulators/kit/simulator.ts'
    import { startHis } from '${root}/apps/simulators/his/index.ts'
    const given = ${JSON.stringify({ ...options, databaseFile })}
    const clock = { now: () => new Date('2026-11-21T09:00:00+08:00') }
    const his = await startHis({ ...given, clock, random: seededRandom('child'), faults: noFaults })
    const order = ${JSON.stringify({ personNo: 1, departmentCode: firstDepartment().code, kind: 'outpatient', items })}
    for (;;) {
      const { billNo } = his.createBill(order)
      await new Promise((told) => process.stdout.write(billNo + '\\n', told))
    }`
  const args = ['--import', 'tsx', '--input-type=module', '--eval', code]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let told = 0
  for await (const line of createInterface({ input: child.stdout })) {
    told = Number(line.slice(-6))
    if (told >= bills && !child.killed) child.kill('SIGKILL')
  }
  return told
}
