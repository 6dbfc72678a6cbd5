import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

// A gateway on loopback that says what the test tells it to: the wire is real, the centre is not.

export type Heard = {
  infno: string
  headers: IncomingHttpHeaders
  text: string
  body: Record<string, unknown> & { input: Record<string, Record<string, unknown>> }
}

/** A whole answer as bytes, or silence: the connection stays open and nothing comes. */
export type Said = { status?: number; text?: string; bytes?: Buffer } | 'silence'

export type ScriptedGateway = AsyncDisposable & {
  baseUrl: string
  heard: Heard[]
  /** What to say to each transaction from now on. 9001 is answered by itself unless it stands here. */
  say: Record<string, Said | ((heard: Heard) => Said)>
}

export async function startGateway(): Promise<ScriptedGateway> {
  const heard: Heard[] = []
  const gateway = { heard, say: {} as ScriptedGateway['say'] }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => void chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      const infno = request.url?.split('/').at(-1) ?? ''
      const message = { infno, headers: request.headers, text, body: JSON.parse(text) as never }
      heard.push(message)
      const script = gateway.say[infno] ?? (infno === '9001' ? SIGNED_IN : HTML)
      const said = typeof script === 'function' ? script(message) : script
      if (said === 'silence') return
      response.writeHead(said.status ?? 200).end(said.bytes ?? said.text)
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return Object.assign(gateway, {
    baseUrl: `http://127.0.0.1:${port}/fsi/api`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  })
}

const ENVELOPE = {
  inf_refmsgid: '370200202611211000000000000001',
  refmsg_time: '20261121100000000',
  respond_time: '20261121100001234',
  err_msg: '',
}

export const ok = (output: unknown, envelope: object = {}): Said => ({
  text: JSON.stringify({ ...ENVELOPE, infcode: 0, output, ...envelope }),
})

export const no = (message: string, envelope: object = {}): Said => ({
  text: JSON.stringify({ ...ENVELOPE, infcode: -1, err_msg: message, ...envelope }),
})

const HTML: Said = { status: 502, text: '<html>Bad Gateway</html>' }
const SIGNED_IN = ok({ signinoutb: { sign_time: '2026-11-21 10:00:00', sign_no: 'SIGN-1' } })

/** Example OP-1 of the policy's worked examples: 638.00, of which the fund pays 250.60. */
export const setlinfo = {
  mdtrt_id: 'M1',
  setl_id: 'S1',
  psn_no: 'P1',
  psn_name: '张三丰',
  certno: '370202199001011234',
  insutype: '310',
  clr_type: '11',
  clr_optins: '370200',
  setl_time: '2026-11-21 10:00:05',
  medfee_sumamt: 638.0,
  fulamt_ownpay_amt: 98.0,
  overlmt_selfpay: 18.0,
  preselfpay_amt: 64.0,
  inscp_scp_amt: 458.0,
  act_pay_dedc: 100.0,
  hifp_pay: 250.6,
  pool_prop_selfpay: 0.7,
  cvlserv_pay: 0,
  hifes_pay: 0,
  hifmi_pay: 0,
  hifob_pay: 0,
  maf_pay: 0,
  oth_pay: 0,
  fund_pay_sumamt: 250.6,
  psn_part_amt: 387.4,
  acct_pay: 200.0,
  psn_cash_pay: 187.4,
  hosp_part_amt: 0,
  balc: 12.34,
  acct_mulaid_pay: 0,
}
