// A file goes on its way as soon as it is chosen or dropped. Without this, files go with the form.
const box = document.querySelector('[data-documents]')
const form = box?.closest('form')
const make = (tag, set) => Object.assign(document.createElement(tag), set)
const TROUBLE = 'did not get through. It stays chosen and goes with the form.'
const ENDED = 'You are not signed in any more. Sign in in another tab, then choose it again.'

const say = (words) => { box.querySelector('[data-said]').textContent = words }

function complain (kind, words) {
  const error = kind.querySelector('.error')
  error.hidden = words.length === 0
  error.querySelector('span').textContent = words.join(' ')
  kind.classList.toggle('has-error', words.length > 0)
  const input = kind.querySelector('input')
  if (words.length) input.setAttribute('aria-invalid', 'true')
  else input.removeAttribute('aria-invalid')
  if (words.length) say(words.join(' '))
}

// Which papers have come: one file can bring two.
function tick () {
  const kinds = [...box.querySelectorAll('[data-kind]')]
  const there = new Set()
  for (const kind of kinds) {
    const files = kind.querySelector('.doc-files')
    files.hidden = files.children.length === 0
    if (files.querySelector('[data-remove]')) kind.dataset.brings.split(' ').forEach((paper) => there.add(paper))
  }
  for (const kind of kinds.filter((kind) => kind.classList.contains('doc-needed'))) {
    const came = there.has(kind.dataset.kind) && !kind.classList.contains('doc-there')
    if (came) complain(kind, []) // that it was missing is said no longer
    kind.classList.toggle('doc-there', there.has(kind.dataset.kind))
  }
  box.dispatchEvent(new Event('input', { bubbles: true }))
}

function show (row, draft) {
  const link = draft.url ? make('a', { href: draft.url }) : make('span')
  link.append(make('bdi', { textContent: draft.name }))
  const button = make('button', { className: 'btn btn-quiet', textContent: 'Remove', name: 'remove-document', value: draft.id, formNoValidate: true })
  button.dataset.remove = draft.remove
  button.append(make('span', { className: 'visually-hidden', textContent: ` ${draft.name}` }))
  row.replaceChildren(link, make('small', { textContent: [`${draft.type}, ${draft.size}`, draft.note].filter(Boolean).join(' · ') }), button)
  if (draft.worksheet) row.append(checks(draft.worksheet))
  if (draft.courses) fillIn(draft.courses)
}

// What the page itself would say of a worksheet: macros/worksheets.html.
function checks (sheet) {
  const pieces = box.querySelector('[data-worksheet-checks]').content
  const shown = pieces.querySelector('.ws').cloneNode(true)
  const line = ({ result, words }) => {
    const row = pieces.querySelector(`li.check-${result}`).cloneNode(true)
    row.querySelector('[data-words]').textContent = words
    return row
  }
  shown.classList.add(`check-${sheet.tone}`)
  shown.querySelector('[data-icon]').replaceWith(line({ result: sheet.tone, words: '' }).querySelector('svg'))
  shown.querySelector('b').textContent = sheet.title
  shown.querySelector('[data-words]').textContent = sheet.words
  shown.querySelector('[data-wrong]').append(...sheet.wrong.map(line))
  shown.querySelector('[data-passed]').append(...sheet.passed.map(line))
  shown.querySelector('summary').textContent = sheet.fold
  if (!sheet.wrong.length) shown.querySelector('[data-wrong]').remove()
  if (!sheet.mend) shown.querySelector('.hint').remove()
  if (!sheet.passed.length) shown.querySelector('details').remove()
  return shown
}

// Days of courses that nobody typed follow the worksheets: they come with them, and go with them.
function fillIn (courses) {
  const inputs = [...form.querySelectorAll('input[name^="course_"]')]
  inputs.forEach((input) => settle(input, courses[input.name]))
  const read = inputs.filter((input) => hidden(input).value)
  form.querySelector('[data-read]')?.toggleAttribute('hidden', !read.length)
  if (!read.length) return
  const fold = read[0].closest('details')
  if (fold) fold.open = true
}
const hidden = (input) => form.elements[`read-${input.name}`]

function settle (input, day) {
  const first = input.dataset.atFirst ?? ''
  if (hidden(input).value && hidden(input).value === input.value) input.value = first
  const comes = day && input.value !== day && [first, ''].includes(input.value)
  if (comes) input.value = day
  fromWorksheet(input, comes ? day : '')
}

function fromWorksheet (input, day) {
  const says = document.getElementById(`${input.id}-read`)
  const others = (input.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => id && id !== says.id)
  hidden(input).value = day
  says.hidden = !day
  if (day) { // what was wrong with the one before is said no longer
    input.removeAttribute('aria-invalid')
    input.closest('.field').classList.remove('has-error')
    input.closest('.field').querySelector('.error')?.remove()
  }
  input.setAttribute('aria-describedby', [...others, ...day ? [says.id] : []].join(' '))
}

// What is typed so far: a worksheet is held against it.
function typed () {
  const all = [...new FormData(form)].filter(([, value]) => typeof value === 'string')
  return Object.fromEntries(all)
}

// Status and answer; 0 when nothing came back.
const post = (url, fields, progress) => new Promise((resolve) => {
  const request = new XMLHttpRequest()
  const data = new FormData()
  fields.csrf_token = form.elements.csrf_token.value
  Object.entries(fields).forEach(([name, value]) => data.append(name, value))
  request.upload.addEventListener('progress', (event) => progress?.(event))
  request.addEventListener('loadend', () => resolve({ status: request.status, answer: request.response }))
  request.responseType = 'json'
  request.open('POST', url)
  request.send(data)
})

// The sentence why not, or nothing. `kept` takes what can still go with the form.
async function add (kind, file, kept) {
  if (file.size > Number(box.dataset.max)) return `“${file.name}” ${box.dataset.tooLarge}`
  const row = make('li')
  const bar = make('progress', { max: 1, value: 0 })
  bar.setAttribute('aria-label', `Sending ${file.name}`)
  row.append(make('bdi', { textContent: file.name }), bar)
  const files = kind.querySelector('.doc-files')
  files.append(row)
  files.hidden = false
  const fields = { ...typed(), key: form.elements.key.value, kind: kind.dataset.kind, file }
  const { status, answer } = await post(box.dataset.url, fields, (event) => { bar.value = event.loaded / event.total })
  const twin = answer?.id && files.querySelector(`button[value="${answer.id}"]`)
  if (status === 201 && !twin) show(row, answer)
  else row.remove()
  if (status === 201) return null
  if (answer?.sentence) return answer.sentence
  if (status === 400 || status === 403) return ENDED
  kept.items.add(file)
  return `“${file.name}” ${TROUBLE}`
}

async function addAll (kind, chosen) {
  const kept = new DataTransfer()
  const words = []
  complain(kind, [])
  for (const file of chosen) {
    say(`Sending ${file.name}`)
    const sentence = await add(kind, file, kept)
    if (sentence) words.push(sentence)
    else say(`${file.name} is there.`)
    tick()
  }
  kind.querySelector('input').files = kept.files
  complain(kind, words)
}

async function remove (button) {
  button.disabled = true
  const { status, answer } = await post(button.dataset.remove + new URL(box.dataset.url, location).search, typed())
  if (status !== 200 && status !== 404) {
    button.disabled = false
    return say('It could not be removed just now. Please try again.')
  }
  const kind = button.closest('[data-kind]')
  const name = button.closest('li').querySelector('bdi').textContent
  button.closest('li').remove()
  if (answer?.courses) fillIn(answer.courses)
  tick()
  say(`${name} is removed.`)
  kind.querySelector('input').focus()
}

// A phone's camera is one press away; elsewhere there is none worth asking for.
function offerCamera (kind) {
  const camera = make('input', { type: 'file', accept: 'image/jpeg', capture: 'environment' })
  const button = make('button', { type: 'button', className: 'btn btn-plain', textContent: 'Take a photo' })
  button.append(make('span', { className: 'visually-hidden', textContent: ` of ${kind.querySelector('label').firstChild.data.trim()}` }))
  button.addEventListener('click', () => camera.click())
  camera.addEventListener('change', () => addAll(kind, [...camera.files]))
  kind.append(button)
}

function begin () {
  form.addEventListener('change', ({ target }) => { if (target.name.startsWith('course_')) fromWorksheet(target, '') })
  box.classList.add('docs-live')
  box.querySelector('[data-without-script]').hidden = true
  const touch = matchMedia('(pointer: coarse)').matches
  box.querySelector('.doc-drop').hidden = touch
  if (touch) box.querySelectorAll('[data-kind]').forEach(offerCamera)
  box.addEventListener('change', (event) => {
    if (event.target.type === 'file') addAll(event.target.closest('[data-kind]'), [...event.target.files])
  })
  box.addEventListener('click', (event) => {
    const button = event.target.closest('[data-remove]')
    if (!button) return
    event.preventDefault()
    remove(button)
  })
  for (const kind of box.querySelectorAll('[data-kind]')) {
    const over = (event, on) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      kind.classList.toggle('doc-over', on)
    }
    kind.addEventListener('dragover', (event) => over(event, true))
    kind.addEventListener('dragleave', (event) => over(event, false))
    kind.addEventListener('drop', (event) => {
      over(event, false)
      if (event.dataTransfer.files.length) addAll(kind, [...event.dataTransfer.files])
    })
  }
}

if (box && form) begin()
