import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { describe, expect, it } from 'vitest'

import { instantAt, businessDate } from '../../../kernel/time.ts'
import { startInsuranceCentre } from './index.ts'
import { openStore } from './store.ts'
import { createClient, nodeOf, openBill, OP1_LINES, startTestCentre } from './testing.ts'

describe('a restart', () => {
  it('goes on where the centre was: books, answers, nonces, attempts and sign-ins', async () => {
    const attempts: number[] = []
    const first = await startTestCentre({
      faults(point) {
        if (point.operation === '2207') attempts.push(point.attempt)
        return null
      },
    })
    const { client } = first
    const signedIn = nodeOf(await client.signIn(), 'signinoutb')
    const { data, visit } = await openBill(client, { visitNo: 'V1', lines: OP1_LINES })
    const message = client.envelope('2207', { data })
    const headers = client.sign()
    const answer = await client.post('2207', JSON.stringify(message), headers)
    const unheard = client.newMsgid()
    const reversal = { psn_no: 'P1', omsgid: unheard, oinfno: '2207' }
    await client.call('2601', { data: reversal })
    await first.simulator.stop()

    const simulator = await startInsuranceCentre(first.options)
    const again = createClient(simulator.url, first.clock)
    expect(simulator.balanceOf('P1')).toBe(0)
    expect(simulator.settlements()).toHaveLength(1)
    expect(simulator.checkBooks()).toEqual([])
    const replay = await again.post('2207', JSON.stringify(message), client.sign())
    expect(replay.text).toBe(answer.text)
    expect((await again.post('2207', JSON.stringify(message), headers)).status).toBe(401)
    const signed = { sign_no: signedIn.sign_no }
    const late = { ...signed, msgid: unheard }
    expect((await again.call('2207', { data }, late)).err_msg).toContain('msgid')
    const { setl_id } = nodeOf(JSON.parse(answer.text) as never, 'setlinfo')
    const refund = { data: { ...visit, setl_id } }
    const newId = { ...signed, msgid: client.newMsgid() }
    expect((await again.call('2208', refund, newId)).err_msg).toBe('')
    expect(simulator.balanceOf('P1')).toBe(200_00)
    expect(attempts).toEqual([1, 2, 3])
    await simulator.stop()
  })

  it('refuses a file of another version', async () => {
    const { simulator, options } = await startTestCentre()
    await simulator.stop()
    const store = openStore(options.databaseFile)
    store.run('pragma user_version = 7')
    store.close()
    await expect(startInsuranceCentre(options)).rejects.toThrow('version 7')
  })

  it('refuses options no centre could be run with', async () => {
    const { simulator, options } = await startTestCentre()
    await simulator.stop()
    for (const wrong of [
      { admdvs: '12' },
      { hospitals: options.hospitals.map((hospital) => ({ ...hospital, insuranceCode: 'H1' })) },
      { hospitals: [...options.hospitals, ...options.hospitals] },
      { people: [...options.people, ...options.people] },
    ]) {
      await expect(startInsuranceCentre({ ...options, ...wrong })).rejects.toThrow('Assertion')
    }
  })
})

describe('kill -9', () => {
  it('loses nothing that was answered, and leaves no lock in the way', async () => {
    const databaseFile = join(mkdtempSync(join(tmpdir(), 'insurance-')), 'centre.db')
    const { child, url } = await spawnCentre(databaseFile)
    const clock = { now: () => instantAt(businessDate('2026-11-21'), '09:00:00') }
    const client = createClient(url, clock)
    await client.signIn()
    const answered: unknown[] = []
    try {
      for (let visit = 1; visit <= 30; visit += 1) {
        const { data } = await openBill(client, { visitNo: `V${visit}`, lines: OP1_LINES })
        // The last one is killed in the middle of its work, or just before or after.
        if (visit === 30) setTimeout(() => child.kill('SIGKILL'), 1)
        answered.push(nodeOf(await client.call('2207', { data }), 'setlinfo').setl_id)
        if (visit === 30) await new Promise((resolve) => child.once('exit', resolve))
      }
    } catch {
      await exited(child)
    }
    await exited(child)
    expect(existsSync(`${databaseFile}.lock`)).toBe(true)

    const { simulator } = await startTestCentre({ databaseFile })
    const kept = simulator.settlements().map((row) => row.settlementId)
    expect(kept.slice(0, answered.length)).toEqual(answered)
    expect(kept.length - answered.length).toBeLessThanOrEqual(1)
    expect(simulator.checkBooks()).toEqual([])
    await simulator.stop()
    expect(existsSync(`${databaseFile}.lock`)).toBe(false)
  }, 30_000)
})

/** A centre in a process of its own, which says its address on its first line. */
async function spawnCentre(databaseFile: string) {
  const testing = new URL('./testing.ts', import.meta.url).href
  const script = `import { startTestCentre } from '${testing}'
    const { simulator } = await startTestCentre({ databaseFile: '${databaseFile}' })
    process.stdout.write(simulator.url + '\\n')`
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const url of createInterface({ input: child.stdout })) return { child, url }
  throw new Error('the centre did not start')
}

async function exited(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return
  await new Promise((resolve) => child.once('exit', resolve))
}
