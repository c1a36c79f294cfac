// Worksheets go on their way as soon as they are chosen or dropped, one after the other, since each is read on arrival.
// Then the page is saved and shows how everybody stands. Without this, files go with the form.
const form = document.querySelector('[data-bulk]')
const make = (tag, set) => Object.assign(document.createElement(tag), set)
const TROUBLE = 'did not get through. Please choose it again.'
const ENDED = 'You are not signed in any more. Sign in in another tab, then choose it again.'

async function send (file, person) {
  if (file.size > Number(form.dataset.max)) return { sentence: `“${file.name}” ${form.dataset.tooLarge}` }
  const data = new FormData()
  data.append('csrf_token', form.elements.csrf_token.value)
  data.append('file', file)
  if (person) data.append('person', person)
  try {
    const reply = await fetch(form.dataset.url, { method: 'POST', body: data })
    if (reply.status === 400 || reply.status === 403) return { sentence: ENDED }
    return await reply.json()
  } catch {
    return { sentence: `“${file.name}” ${TROUBLE}` }
  }
}

const verdict = (answer) => answer.sentence ?? (answer.whose ? `It is ${answer.whose}’s.` : 'Whose is it? You can say so below.')

// True when nothing went wrong: then nothing is left to read here.
async function sendAll (files, person) {
  const list = form.querySelector('[data-arrived]')
  const said = form.querySelector('[data-said]')
  list.hidden = false
  let fine = true
  for (const [place, file] of files.entries()) {
    said.textContent = `Reading ${place + 1} of ${files.length}`
    const row = make('li')
    const words = make('small', { textContent: 'Reading…' })
    row.append(make('bdi', { textContent: file.name }), words)
    list.append(row)
    row.scrollIntoView({ block: 'nearest' })
    const answer = await send(file, person)
    words.textContent = verdict(answer)
    if (answer.sentence) {
      fine = false
      words.className = 'error'
      said.textContent = answer.sentence
    }
  }
  return fine
}

let busy = Promise.resolve()

function arrive (files, person) {
  const buttons = form.querySelectorAll('.bulk-bar button')
  buttons.forEach((button) => { button.disabled = true })
  busy = busy.then(() => sendAll(files, person)).then((fine) => {
    buttons.forEach((button) => { button.disabled = false })
    if (fine) form.requestSubmit(form.querySelector('[name=save]'))
  })
}

function begin () {
  const stack = form.querySelector('[data-stack]')
  form.querySelector('[data-without-script]').hidden = true
  form.querySelector('[data-drop]').hidden = matchMedia('(pointer: coarse)').matches
  form.addEventListener('change', (event) => {
    if (event.target.type !== 'file' || event.target.files.length === 0) return
    const files = [...event.target.files]
    event.target.value = ''
    arrive(files, event.target.dataset.arrive)
  })
  const over = (event, on) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    stack.classList.toggle('doc-over', on)
  }
  stack.addEventListener('dragover', (event) => over(event, true))
  stack.addEventListener('dragleave', (event) => over(event, false))
  stack.addEventListener('drop', (event) => {
    over(event, false)
    if (event.dataTransfer.files.length) arrive([...event.dataTransfer.files], '')
  })
}

if (form) begin()
