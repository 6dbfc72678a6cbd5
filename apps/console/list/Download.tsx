import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { failureText, readFailure } from '../../web/problem.ts'
import { Icon } from '../shell/Icon.tsx'
import { downloadFile } from './download-file.ts'

type DownloadProps = { path: string; children: ReactNode }

/** A file that the hub makes; what goes wrong is said beside it. */
export function Download({ path, children }: DownloadProps) {
  const { i18n } = useTranslation()
  const [isLoading, setIsLoading] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const load = async () => {
    setFault(null)
    setIsLoading(true)
    try {
      await downloadFile(path)
    } catch (error) {
      setFault(failureText(i18n, readFailure(error)))
    } finally {
      setIsLoading(false)
    }
  }
  return (
    <span className="download">
      <Button
        type="link"
        icon={<Icon name="download" />}
        loading={isLoading}
        onClick={() => void load()}
      >
        {children}
      </Button>
      {fault && <span role="alert">{fault}</span>}
    </span>
  )
}
