// The tasks extension of 2026-07-28: work that goes on after its call was answered.
import { randomUUID } from 'node:crypto';
import { BecameTask, Code, isObject, RpcError } from './wire.mjs';

const TTL = 300_000;
const tasks = new Map();

class Task {
    constructor() {
        this.taskId = randomUUID();
        this.status = 'working';
        this.createdAt = new Date().toISOString();
        this.asked = {};
        this.answers = {};
        this.changed();
    }

    changed() {
        this.lastUpdatedAt = new Date().toISOString();
    }

    over() {
        return ['completed', 'failed', 'cancelled'].includes(this.status);
    }

    settle(status, outcome) {
        if (!this.over()) {
            Object.assign(this, { status, outcome });
            this.changed();
            clearTimeout(this.timer);
        }
    }

    pause(milliseconds) {
        return new Promise(done => {
            this.timer = setTimeout(done, milliseconds);
        });
    }

    /** Parks the task until each of these has an answer. */
    ask(requests) {
        Object.assign(this, { asked: { ...requests }, status: 'input_required' });
        this.changed();
        return new Promise(done => {
            this.answered = done;
        });
    }

    update(responses) {
        for (const key of Object.keys(this.asked).filter(each => isObject(responses[each]))) {
            this.answers[key] = responses[key];
            delete this.asked[key];
            this.changed();
        }
        if (this.status === 'input_required' && Object.keys(this.asked).length === 0) {
            this.status = 'working';
            this.answered(this.answers);
        }
    }

    brief() {
        const { taskId, status, createdAt, lastUpdatedAt } = this;
        return { taskId, status, createdAt, lastUpdatedAt, ttlMs: TTL, pollIntervalMs: 100 };
    }

    detailed() {
        const asked = this.status === 'input_required' ? { inputRequests: this.asked } : {};
        return { ...this.brief(), ...asked, ...this.outcome };
    }
}

/** Starts the work and throws what the call answers with. */
export function startTask(work) {
    const task = new Task();
    tasks.set(task.taskId, task);
    setTimeout(() => tasks.delete(task.taskId), TTL).unref();
    const failed = error => ({ error: { code: error.code ?? Code.INTERNAL, message: error.message } });
    work(task).then(result => task.settle('completed', { result }), error => task.settle('failed', failed(error)));
    throw new BecameTask(task.brief());
}

function find(taskId) {
    const task = tasks.get(taskId);
    if (!task) {
        throw new RpcError(Code.INVALID_PARAMS, 'Unknown task');
    }
    return task;
}

export const taskMethods = {
    'tasks/get': ({ taskId }) => find(taskId).detailed(),
    'tasks/update': ({ taskId, inputResponses }) => {
        find(taskId).update(isObject(inputResponses) ? inputResponses : {});
        return {};
    },
    'tasks/cancel': ({ taskId }) => {
        find(taskId).settle('cancelled', {});
        return {};
    },
};
