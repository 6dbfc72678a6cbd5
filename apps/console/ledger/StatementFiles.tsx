import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { failureText, readFailure } from '../../web/problem.ts'
import { api } from '../api.ts'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { saveFile } from './save-file.ts'
import { useLedgerWords } from './words.ts'

type Wish = { account: string; from: string; to: string }

/** All lines between the dates, not only those of the page, as the hub writes them. */
export function StatementFiles(wish: Wish) {
  const { t } = useLedgerWords()
  const { i18n } = useTranslation()
  const csv = useFile('csv', wish)
  const xlsx = useFile('xlsx', wish)
  const error = csv.error ?? xlsx.error
  return (
    <span className="export">
      {error !== null && <span role="alert">{failureText(i18n, readFailure(error))}</span>}
      <Button icon={<Icon name="download" />} loading={csv.isPending} onClick={() => csv.mutate()}>
        {t('statement.csv')}
      </Button>
      <Button
        icon={<Icon name="download" />}
        loading={xlsx.isPending}
        onClick={() => xlsx.mutate()}
      >
        {t('statement.xlsx')}
      </Button>
    </span>
  )
}

/** By the client and not by a link, as the hub knows a session only with the app's header. */
function useFile(form: 'csv' | 'xlsx', wish: Wish) {
  const { hospitalId } = useStaff()
  return useMutation({
    mutationFn: async () => {
      const { data, error } = await api.client.GET(
        `/v1/hospitals/{hospitalId}/ledger/statement.${form}`,
        { params: { path: { hospitalId }, query: wish }, parseAs: 'blob' },
      )
      if (error) throw error
      const name = wish.account.replaceAll(/[^\w.-]+/g, '-')
      saveFile(`${name}-${wish.from}-${wish.to}.${form}`, data)
    },
  })
}
