import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'

import { Moment } from '../../web/Moment.tsx'
import { readFailure } from '../../web/problem.ts'
import { api } from '../api.ts'
import { Facts } from '../benefits/Facts.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { saveFile } from './save-file.ts'
import { useLedgerWords } from './words.ts'

const LOG = 'ledger'
const LOOK_AGAIN_MS = 5_000

/** Where the entry stands under the newest signed head, and the file that proves it without us. */
export function EntryProof({ entryId }: { entryId: string }) {
  const { t, i18n } = useLedgerWords()
  const { hospitalId } = useStaff()
  const path = { hospitalId, log: LOG, itemId: entryId }
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/sealing/{log}/items/{itemId}/proof',
    { params: { path } },
    { refetchInterval: ({ state }) => (state.data ? false : LOOK_AGAIN_MS) },
  )
  const file = useProofFile(path)
  const isWaiting = error !== null && WAITING.includes(readFailure(error).code)
  return (
    <section className="card" aria-labelledby="proof-title">
      <div className="card-head">
        <h2 id="proof-title">{t('proof.title')}</h2>
        {data && <StatusChip tone="good" icon="lock" text={t('proof.sealed')} />}
        {isWaiting && <StatusChip tone="held" icon="clock" text={t('proof.waiting')} />}
      </div>
      {isWaiting && <p className="fine">{t('proof.waitingNote')}</p>}
      {error !== null && !isWaiting && <Fault error={error} onRetry={() => void refetch()} />}
      {data && (
        <Facts
          facts={[
            {
              name: t('proof.sealed'),
              value: t('proof.place', {
                place: (data.leafIndex + 1).toLocaleString(i18n.language),
                size: data.head.size.toLocaleString(i18n.language),
              }),
            },
            { name: t('proof.at'), value: <Moment at={data.head.sealedAt} form="exact" /> },
            { name: t('heads.key'), value: <code>{data.head.keyId}</code> },
          ]}
        />
      )}
      {file.error !== null && <Fault error={file.error} />}
      {data && (
        <p className="ledger-acts">
          <Button
            icon={<Icon name="download" />}
            loading={file.isPending}
            onClick={() => file.mutate()}
          >
            {t('proof.file')}
          </Button>
          <Link to="/ledger/heads">{t('proof.how')}</Link>
        </p>
      )}
    </section>
  )
}

const WAITING = ['sealing.item_not_sealed', 'sealing.head_not_found']

type Path = { hospitalId: number; log: string; itemId: string }

function useProofFile(path: Path) {
  return useMutation({
    mutationFn: async () => {
      const { data, error } = await api.client.GET(
        '/v1/hospitals/{hospitalId}/sealing/{log}/items/{itemId}/proof-file',
        { params: { path } },
      )
      if (error) throw error
      // Byte for byte the one way a proof is written: docs/proofs/README.md.
      const text = `${JSON.stringify(data)}\n`
      saveFile(`proof-${path.itemId}.json`, new Blob([text], { type: 'application/json' }))
    },
  })
}
