import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'

import { announce } from '../shell/announce.ts'
import { useStaff } from '../shell/staff.ts'
import { MOST_UPLOAD_BYTES, sendFile, type Sent, type Wish } from './send-file.ts'
import { useStatementWords } from './words.ts'

export type Upload = {
  id: number
  name: string
  /** What it was sent for, to be sent again. */
  wish: Wish
  file: File
  state:
    | { step: 'waiting' | 'tooLarge' }
    | { step: 'sending'; percent: number }
    | { step: 'done'; sent: Sent }
    | { step: 'failed'; error: unknown }
}

/** Files on their way to the hub, one after the other: each is told of as it comes out. */
export function useUploads() {
  const { hospitalId } = useStaff()
  const queryClient = useQueryClient()
  const textOf = useUploadText()
  const [uploads, setUploads] = useState<readonly Upload[]>([])
  const queue = useRef(Promise.resolve())
  const nextId = useRef(1)

  const change = (id: number, state: Upload['state']) =>
    setUploads((all) => all.map((each) => (each.id === id ? { ...each, state } : each)))

  const run = async (upload: Upload) => {
    const { id, wish, file } = upload
    const state = await sendFile(hospitalId, wish, file, (percent) =>
      change(id, { step: 'sending', percent }),
    ).then(
      (sent): Upload['state'] => ({ step: 'done', sent }),
      (error: unknown): Upload['state'] => ({ step: 'failed', error }),
    )
    change(id, state)
    announce(`${upload.name} ${textOf({ ...upload, state })}`)
    await queryClient.invalidateQueries()
  }

  const start = (upload: Upload) => {
    queue.current = queue.current.then(() => run(upload))
  }

  const add = (files: readonly File[], wish: Wish) => {
    const added = files.map((file): Upload => {
      const step = file.size > MOST_UPLOAD_BYTES ? 'tooLarge' : 'waiting'
      return { id: nextId.current++, name: file.name, wish, file, state: { step } }
    })
    setUploads((all) => [...added, ...all])
    for (const upload of added) if (upload.state.step === 'waiting') start(upload)
  }

  const again = (upload: Upload) => {
    change(upload.id, { step: 'waiting' })
    start(upload)
  }

  return { uploads, add, again }
}

/** How far one is, or what became of it. */
export function useUploadText() {
  const { t } = useStatementWords()
  return ({ state }: Pick<Upload, 'state'>): string => {
    switch (state.step) {
      case 'waiting':
        return t('upload.waiting')
      case 'tooLarge':
        return t('upload.tooLarge')
      case 'failed':
        return t('upload.failed')
      case 'sending':
        return state.percent < 100
          ? t('upload.sending', { percent: state.percent })
          : t('upload.checking')
      case 'done': {
        const { isKnown, file } = state.sent
        if (file.refusal) {
          return t('upload.refused', { reason: t(`refusals.${file.refusal.code}`) })
        }
        return isKnown
          ? t('upload.known')
          : t('upload.taken', { count: file.taken?.totals.rows ?? 0 })
      }
    }
  }
}
