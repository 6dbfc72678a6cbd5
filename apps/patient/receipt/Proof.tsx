import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { client } from '../api.ts'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Icon } from '../parts/Icon.tsx'
import { save } from '../parts/save.ts'

/** What proves the payment without us: a file, and the page that checks it, each to be kept. */
export function Proof({ payment }: { payment: Payment }) {
  const { t } = useTranslation()
  const file = useProofFile(payment)
  return (
    <section className="card no-print" aria-labelledby="proof">
      <h2 id="proof">{t('receipt.proof.title')}</h2>
      <p>{t('receipt.proof.lead')}</p>
      {file.error ? <FailureBox error={file.error} /> : null}
      <div className="button-row">
        <button
          type="button"
          className="button"
          disabled={file.isPending}
          onClick={() => file.mutate()}
        >
          <Icon name="done" /> {t('receipt.proof.file')}
        </button>
        <a className="button" href="/v1/proof-check" download>
          {t('receipt.proof.page')}
        </a>
      </div>
    </section>
  )
}

function useProofFile({ hospitalId, id, paymentNo }: Payment) {
  return useMutation({
    mutationFn: async () => {
      const { data, error } = await client.GET('/v1/hospitals/{hospitalId}/payments/{id}/proof', {
        params: { path: { hospitalId, id } },
        parseAs: 'blob',
      })
      if (error) throw error
      save(data, `proof-${paymentNo}.json`)
    },
  })
}
